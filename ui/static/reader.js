// The article beside the chat.
isnad.reader = (element, trigger, props, watch) => {
  isnad.events(element, trigger);
  const reader = () => element.querySelector(".reader");

  const close = () => {
    const {turn, passage} = reader().dataset;
    props.value = "";
    const place = document.querySelector(`.turn[data-turn="${turn}"]`);
    const link = passage ? place?.querySelector(`[data-passage="${passage}"]`) : null;
    (link?.querySelector("a") ?? link ?? isnad.question()).focus({preventScroll: true});
  };

  element.addEventListener("click", (press) => {
    if (press.target.closest("[data-do=close]")) close();
  });
  // Arrows follow the writing direction of the panel, as its buttons do.
  element.addEventListener("keydown", (key) => {
    if (key.key === "Escape") close();
    const forward = getComputedStyle(reader()).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const turned = key.key === "ArrowLeft" || key.key === "ArrowRight";
    if (!turned || key.altKey || key.ctrlKey || key.metaKey) return;
    key.preventDefault();
    const name = key.key === forward ? ".next" : ".previous";
    reader().querySelector(`.steps ${name}`)?.closest("button").click();
  });

  watch("value", () => {
    if (!reader()) return;
    const page = reader().querySelector(".page");
    const quote = reader().querySelector("#quote");
    if (page) page.scrollTop = 0;
    quote?.scrollIntoView({block: "center"});
    if (!reader().contains(document.activeElement)) reader().focus({preventScroll: true});
    isnad.say(reader().querySelector(".position")?.textContent ?? "");
  });
};
