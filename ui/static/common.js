// What every part of the window uses in the browser. Gradio calls `isnad.…` of a part when it is
// there; texts of ours come with the page.
// Tell those who do not see the page.
isnad.say = (text) => {
  let place = document.querySelector(".told");
  if (!place) {
    place = document.createElement("div");
    place.className = "told unseen";
    place.setAttribute("role", "status");
    document.body.append(place);
  }
  place.textContent = text;
};

// Copying needs a secure page, or the old way.
isnad.copy = async (text) => {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const held = document.createElement("textarea");
  held.value = text;
  held.className = "unseen";
  document.body.append(held);
  held.select();
  document.execCommand("copy");
  held.remove();
};

// A press of a button with `data-event` causes that event, with the button's data.
isnad.events = (element, trigger) => {
  element.addEventListener("click", (press) => {
    const button = press.target.closest("[data-event]");
    if (button) trigger(button.dataset.event, {...button.dataset});
  });
};

isnad.question = () => document.querySelector(".ask textarea");

isnad.tab = (number) => document.querySelectorAll(".parts [role=tab]")[number];

// The choice is a cookie, which every later request brings along; the page is told by loading anew.
isnad.languages = (element) => {
  const choice = element.querySelector("select");
  choice.value = document.documentElement.lang;
  choice.setAttribute("aria-label", isnad.texts.interface_language);
  choice.addEventListener("change", () => {
    document.cookie = `isnad-language=${choice.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
};
