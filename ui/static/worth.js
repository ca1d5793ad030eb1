// What an answer was worth, and a link to it. The verdict a visitor gave is remembered in his
// browser, so that the buttons show it whenever the answer is shown.
(() => {
  const STORED = "isnad-verdicts";
  const REMEMBERED = 500;

  const verdicts = () => {
    try {
      return new Map(JSON.parse(localStorage.getItem(STORED) ?? "[]"));
    } catch {
      return new Map();
    }
  };

  const remember = (answer, verdict) => {
    const given = verdicts();
    given.delete(answer);
    given.set(answer, verdict);
    try {
      localStorage.setItem(STORED, JSON.stringify([...given].slice(-REMEMBERED)));
    } catch { /* a browser that stores nothing forgets */ }
  };

  const press = (worth, verdict) => {
    for (const name of ["up", "down"])
      worth.querySelector(`.${name}`).setAttribute("aria-pressed", String(name === verdict));
  };

  const say = (worth, name) => { worth.querySelector(".said").textContent = worth.dataset[name]; };

  const judge = async (worth, verdict, comment) => {
    press(worth, verdict);
    const form = worth.querySelector("form");
    const body = {answer_id: worth.dataset.answer, verdict, comment: comment || null};
    const kept = await fetch("/feedback", {
      method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
    }).catch(() => ({ok: false}));
    say(worth, kept.ok ? "noted" : "not_noted");
    if (kept.ok) remember(body.answer_id, verdict);
    else press(worth, verdicts().get(body.answer_id));
    form.hidden = kept.ok && comment !== undefined;
    if (comment === undefined) form.querySelector("textarea").focus();
  };

  const link = async (worth) => {
    const answer = worth.dataset.answer;
    const made = await fetch(`/answers/${encodeURIComponent(answer)}/link`, {method: "POST"})
      .catch(() => ({ok: false}));
    if (!made.ok) return say(worth, "link_failed");
    const address = worth.querySelector(".address");
    address.value = `${location.origin}/?answer=${encodeURIComponent(answer)}`;
    address.hidden = false;
    address.select();
    // Outside of a secure context there is no clipboard: the visitor copies what is selected.
    const copied = await navigator.clipboard?.writeText(address.value).then(() => true, () => false);
    say(worth, "link_made");
    if (copied) worth.querySelector(".said").textContent += ` ${worth.dataset.link_copied}`;
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".worth > button");
    if (!button) return;
    const worth = button.parentElement;
    if (button.classList.contains("link")) link(worth);
    else judge(worth, button.classList.contains("up") ? "up" : "down");
  });

  // Before the conversation hears of it, to which a form is a question that was edited.
  document.addEventListener("submit", (event) => {
    const worth = event.target.closest(".worth");
    if (!worth) return;
    event.preventDefault();
    event.stopPropagation();
    const pressed = worth.querySelector("[aria-pressed=true]");
    const verdict = pressed.classList.contains("up") ? "up" : "down";
    judge(worth, verdict, new FormData(event.target).get("comment").trim());
  }, true);

  new MutationObserver(() => {
    for (const worth of document.querySelectorAll(".worth:not([data-ready])")) {
      worth.dataset.ready = "";
      press(worth, verdicts().get(worth.dataset.answer));
    }
  }).observe(document, {childList: true, subtree: true});
})();
