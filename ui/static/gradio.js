// Gradio's own words that it has in English only, in the language of the page.
const words = () => ({
  "More tabs": isnad.texts.more_tabs,
  "Toggle Sidebar": isnad.texts.toggle_kept,
  "Connection Lost": isnad.texts.lost,
  "Connection to the server was lost. Attempting reconnection...": isnad.texts.lost_how,
});

const reword = (root) => {
  const said = words();
  for (const part of root.querySelectorAll?.("[aria-label]") ?? []) {
    const known = said[part.getAttribute("aria-label")];
    if (known) part.setAttribute("aria-label", known);
  }
  for (const part of root.querySelectorAll?.(".toast-wrap *") ?? []) {
    const known = part.childElementCount === 0 && said[part.textContent.trim()];
    if (known) part.textContent = known;
  }
};

new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) reword(node);
}).observe(document.documentElement, {childList: true, subtree: true});
