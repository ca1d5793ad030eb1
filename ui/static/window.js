// What the window does in the browser. Gradio calls these when the part they belong to is there.
const isnad = {};

// A press of a button with `data-event` causes that event, with the button's data.
isnad.conversation = (element, trigger) => {
  element.addEventListener("click", (press) => {
    const button = press.target.closest("button[data-event]");
    if (button) trigger(button.dataset.event, {...button.dataset});
  });
};

// The choice is a cookie, which every later request brings along; the page is told by loading anew.
isnad.languages = (element) => {
  const choice = element.querySelector("select");
  choice.value = document.documentElement.lang;
  choice.addEventListener("change", () => {
    document.cookie = `isnad-language=${choice.value}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  });
};
