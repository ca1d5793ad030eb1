// A form that finds as it is filled in: `element` holds it, and it causes the event "find".
isnad.find = (element, trigger) => {
  const find = () => trigger("find", Object.fromEntries(new FormData(element.querySelector("form"))));
  let waiting;
  element.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 150);
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    find();
  });
};
