// The list of kept conversations. `element` is the part of the page that holds it.
isnad.kept = (element, trigger, watch) => {
  let first = true;

  element.addEventListener("click", (press) => {
    const button = press.target.closest("button[data-event]");
    if (button) trigger(button.dataset.event, {...button.dataset});
  });

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    const title = new FormData(event.target).get("title");
    trigger("rename", {id: event.target.dataset.id, title});
  });

  element.addEventListener("keydown", (event) => {
    const around = event.key === "Escape" && event.target.closest("details[open]");
    if (!around) return;
    event.stopPropagation();
    around.open = false;
    around.querySelector("summary").focus();
  });

  // The address names what is on the page, so that loading it anew shows the same. One that names
  // an answer stays as it is until something else is shown.
  watch("value", () => {
    const open = element.querySelector("[data-open]")?.dataset.open ?? "";
    const address = new URL(location.href);
    const answer = address.searchParams.get("answer");
    if (first && answer) {
      document.querySelector(`[data-answer="${CSS.escape(answer)}"]`)?.closest(".turn")
        ?.scrollIntoView({block: "start"});
    } else {
      address.searchParams.delete("answer");
      if (open) address.searchParams.set("conversation", open);
      else address.searchParams.delete("conversation");
      history.replaceState(null, "", address);
    }
    first = false;
  });
};
