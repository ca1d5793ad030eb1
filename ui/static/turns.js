// The conversation: its markers, its buttons, and where it is scrolled to.
isnad.turns = (element, trigger, watch) => {
  isnad.events(element, trigger);
  isnad.card(element, trigger);
  element.addEventListener("click", (press) => {
    const link = press.target.closest("a[data-passage]");
    if (link && !press.ctrlKey && !press.metaKey && !press.shiftKey) {
      press.preventDefault();
      if (!(press.pointerType === "touch" && link.matches(".marker"))) isnad.cite(link, trigger);
    }
    const button = press.target.closest("button[data-do]");
    if (button) isnad.turns.do[button.dataset.do]?.(button);
  });
  element.addEventListener("submit", (submission) => {
    const form = submission.target.closest(".editing");
    if (!form) return;
    submission.preventDefault();
    const text = form.querySelector("textarea").value;
    if (!text.trim()) return;
    isnad.turns.do.cancel(form);
    trigger("edit", {text});
  });
  element.addEventListener("keydown", (key) => {
    const form = key.target.closest(".editing");
    if (!form) return;
    if (key.key === "Enter" && !key.shiftKey && !key.isComposing) {
      key.preventDefault();
      form.requestSubmit();
    } else if (key.key === "Escape") isnad.turns.do.cancel(form);
  });
  if (element.closest(".current")) watch("value", () => isnad.turns.changed(element));
};

// Open the article of a passage beside the chat, at that passage.
isnad.cite = (link, trigger) => {
  const turn = link.closest("[data-turn]").dataset.turn;
  trigger("cite", {turn, passage: link.dataset.passage});
};

isnad.turns.do = {
  articles: () => isnad.tab(1).click(),

  async copy(button) {
    await isnad.copy(button.dataset.text.replaceAll("{origin}", location.origin));
    isnad.say(button.dataset.done);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1600);
  },

  edit(button) {
    const turn = button.closest(".turn");
    const form = turn.querySelector(".editing");
    form.hidden = false;
    turn.querySelector(".asking").hidden = true;
    const box = form.querySelector("textarea");
    box.value = turn.querySelector(".asked").textContent;
    box.focus();
    box.select();
  },

  cancel(within) {
    const turn = within.closest(".turn");
    turn.querySelector(".editing").hidden = true;
    turn.querySelector(".asking").hidden = false;
    isnad.question().focus();
  },
};

// An answer is read from its beginning: a new question goes to the top of the view, once. When the
// answer is whole, those who do not see it are told.
isnad.turns.changed = (element) => {
  const turn = element.querySelector(".turn");
  const scroller = element.closest(".scroller");
  if (!turn) {
    scroller.scrollTop = 0;
    isnad.turns.at = undefined;
    return;
  }
  const busy = turn.querySelector("[aria-busy=true]") !== null;
  const key = turn.dataset.turn;
  if (busy && !isnad.turns.busy) {
    isnad.say(isnad.texts.answering);
    requestAnimationFrame(() => turn.scrollIntoView({block: "start"}));
  } else if (!busy && (isnad.turns.busy || isnad.turns.at !== key)) {
    const count = turn.querySelectorAll(".sources .passage").length;
    const told = turn.querySelector(".notice, .refusal, .stopped")?.textContent;
    isnad.say(told ?? isnad.texts.answered.replace("{count}", count));
    if (!isnad.turns.busy) requestAnimationFrame(() => turn.scrollIntoView({block: "start"}));
  }
  isnad.turns.busy = busy;
  isnad.turns.at = key;
};

// From anywhere: `/` goes to the question; from there, upwards goes to the last one, to edit it.
document.addEventListener("keydown", (key) => {
  const typing = key.target.closest("input, textarea, select, [contenteditable]");
  if (key.key === "/" && !typing && !key.ctrlKey && !key.metaKey && !key.altKey) {
    key.preventDefault();
    isnad.question()?.focus();
  } else if (key.key === "ArrowUp" && key.target === isnad.question() && !key.target.value) {
    const edit = document.querySelector(".turn.last [data-do=edit]");
    if (edit) {
      key.preventDefault();
      isnad.turns.do.edit(edit);
    }
  }
});
