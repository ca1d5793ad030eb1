// The card of a marker: the quote in its place, with title, author and date. It is shown while the
// marker is pointed at or has the focus; a touch shows it until something else is touched.
isnad.card = (element, trigger) => {
  let shown, waiting;
  const card = document.createElement("div");
  card.className = "card";
  card.id = `card-${Math.random().toString(36).slice(2)}`;
  card.setAttribute("role", "dialog");
  card.hidden = true;
  document.querySelector(".gradio-container").append(card);

  const hide = () => {
    clearTimeout(waiting);
    card.hidden = true;
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
  };
  const later = (work, milliseconds) => {
    clearTimeout(waiting);
    waiting = setTimeout(work, milliseconds);
  };
  const show = (marker) => {
    clearTimeout(waiting);
    if (shown === marker || !marker.isConnected) return;
    hide();
    shown = marker;
    fill(card, marker);
    card.hidden = false;
    marker.setAttribute("aria-describedby", card.id);
    place(card, marker);
  };
  const marker = (happening) => happening.target.closest?.(".marker");

  element.addEventListener("pointerover", (over) => {
    if (marker(over) && over.pointerType !== "touch") later(() => show(marker(over)), 120);
  });
  element.addEventListener("pointerout", (out) => {
    if (marker(out) && out.pointerType !== "touch") later(hide, 250);
  });
  card.addEventListener("pointerover", () => clearTimeout(waiting));
  card.addEventListener("pointerleave", (out) => out.pointerType !== "touch" && later(hide, 250));
  element.addEventListener("focusin", (focus) => {
    if (marker(focus)?.matches(":focus-visible")) show(marker(focus));
  });
  element.addEventListener("focusout", (focus) => marker(focus) && later(hide, 250));
  element.addEventListener("click", (press) => {
    if (!marker(press)) return;
    if (press.pointerType === "touch") show(marker(press));
    else hide();
  });
  card.addEventListener("click", (press) => {
    const link = press.target.closest("a[data-passage]");
    if (!link || press.ctrlKey || press.metaKey || press.shiftKey) return;
    press.preventDefault();
    const opened = shown;
    hide();
    isnad.cite(opened, trigger);
  });
  document.addEventListener("pointerdown", (press) => {
    if (!card.contains(press.target) && !marker(press)) hide();
  });
  document.addEventListener("keydown", (key) => key.key === "Escape" && hide());
  element.closest(".scroller").addEventListener("scroll", hide, {passive: true});
};

// The passage's own parts, copied from the list of sources.
const fill = (card, marker) => {
  const number = marker.dataset.passage;
  const passage = marker.closest(".reply").querySelector(`.passage[data-passage="${number}"]`);
  card.replaceChildren(...[...passage.children].map((part) => part.cloneNode(true)));
  card.setAttribute("aria-label", marker.getAttribute("aria-label"));
};

// Above the marker where there is room, else under it; never over an edge.
const place = (card, marker) => {
  const at = marker.getBoundingClientRect();
  const {offsetWidth: width, offsetHeight: height} = card;
  const left = Math.min(Math.max(at.left + at.width / 2 - width / 2, 12), innerWidth - width - 12);
  const top = at.top - height - 8 > 8 ? at.top - height - 8 : at.bottom + 8;
  card.style.left = `${left}px`;
  card.style.top = `${Math.min(top, innerHeight - height - 8)}px`;
};
