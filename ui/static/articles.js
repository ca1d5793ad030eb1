// The articles' tab: files are sent to `POST /articles`, one after the other, as any client would.
isnad.articles = (() => {
  const make = (tag, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };

  // What the server leaves out of names: controls, and marks that would turn them about.
  const UNSHOWN = /\p{C}/gu;

  const filled = (text, values) =>
    text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  // What went wrong, in the visitor's words: by the kind of problem, else by the status.
  const refusal = (status, texts, type = "") => ({
    "urn:isnad:problem:no-text": texts.no_text, "urn:isnad:problem:encrypted": texts.encrypted,
  })[type] ?? ({
    0: texts.broken_off, 401: texts.not_allowed, 403: texts.not_allowed, 404: texts.article_gone,
    408: texts.broken_off, 413: texts.too_large, 415: texts.unknown_kind, 422: texts.unreadable,
  })[status] ?? texts.not_now;

  const answered = (request) => {
    let body = {};
    try {
      body = JSON.parse(request.responseText);
    } catch { /* no answer of ours */ }
    return {status: request.status, body};
  };

  const post = (file, name, onProgress) => new Promise((resolve) => {
    const form = new FormData();
    form.append("file", file, name);
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", onProgress);
    request.addEventListener("loadend", () => resolve(answered(request)));
    request.open("POST", "/articles");
    request.setRequestHeader("Accept", "application/json");
    request.send(form);
  });

  // One file's line in the report: its name, how far it is, and what came of it.
  const line = (file, texts) => {
    const called = file.name.replace(UNSHOWN, "");
    const name = make("bdi", {className: "name", textContent: called});
    const bar = make("progress", {max: 1, value: 0, ariaLabel: called});
    const state = make("span", {className: "state", textContent: texts.waiting});
    const element = make("li", {}, name, bar, state);
    return {element, bar, state};
  };

  const told = (row, kind, text, detail = "") => {
    row.bar.remove();
    row.element.className = kind;
    row.state.textContent = text;
    if (!detail) return;
    const small = make("small", {lang: "en", dir: "ltr", textContent: detail});
    row.element.append(small);
  };

  const report = (row, texts, {articles, outcomes}) => {
    const [done, ...bad] = outcomes;
    const said = filled(texts[done.action] ?? done.action, {file: articles[0]?.filename ?? ""});
    const notes = [said];
    if (bad.length) notes.push(filled(texts.partly, {count: bad.length}));
    for (const quality of ["doubtful", "repaired"])
      if (articles.some((article) => article.quality === quality)) notes.push(isnad.texts[quality]);
    const detail = [done.action === "duplicate" ? "" : done.detail, ...bad.map((one) => one.detail)];
    told(row, bad.length ? "partly" : "done", notes.join(" · "), detail.filter(Boolean).join("; "));
    for (const {title} of articles.filter((article) => article.title).slice(0, 5))
      row.element.append(make("bdi", {className: "title", textContent: title, dir: "auto"}));
  };

  const send = async (file, name, row, texts) => {
    row.state.textContent = "0 %";
    row.element.scrollIntoView({block: "nearest"});
    const {status, body} = await post(file, name, ({loaded, total}) => {
      row.bar.value = loaded / total;
      row.state.textContent = loaded < total ? `${Math.floor(100 * loaded / total)} %` : texts.indexing;
      if (loaded === total) row.bar.removeAttribute("value");
    });
    if (status === 200) report(row, texts, body);
    else told(row, "failed", refusal(status, texts, body.type), body.detail);
    return {status, body};
  };

  const retry = (row, texts, again) => {
    const button = make("button", {type: "button", className: "plain", textContent: texts.retry});
    button.addEventListener("click", () => { row.element.remove(); again(); });
    row.element.append(button);
  };

  // Articles were added or removed: those that are looked for are found anew.
  const altered = (trigger) => {
    const form = document.querySelector(".articles-filter form");
    form?.requestSubmit();
    trigger("altered", {listed: Boolean(form)});
  };

  let place;  // where the report stands, and the texts
  let queue = Promise.resolve();
  const labels = () => JSON.parse(place.querySelector(".drop").dataset.texts);

  // Send a file when those before it are there, in the place of the article `old` if one is named.
  const enqueue = (file, trigger, old) => {
    const texts = labels();
    const row = line(file, texts);
    place.querySelector(".uploads").append(row.element);
    queue = queue.then(async () => {
      const {status, body} = await send(file, old?.file ?? file.name, row, texts);
      if (status !== 200) {
        retry(row, texts, () => enqueue(file, trigger, old));
        return;
      }
      // A file that was sent once is replaced by one of its name; one that was indexed where it lies
      // is not, and has to be removed.
      const beside = body.outcomes[0].action === "new";
      if (old && beside && body.articles.every((article) => article.id !== old.article))
        await fetch(`/articles/${encodeURIComponent(old.article)}`, {method: "DELETE"});
      altered(trigger);
    });
    return queue;
  };

  const add = (element, trigger) => {
    place = element;
    const over = (event, is) => {
      const drop = event.target.closest(".drop");
      if (!drop || !event.dataTransfer?.types.includes("Files")) return null;
      event.preventDefault();
      drop.classList.toggle("over", is);
      return drop;
    };
    element.addEventListener("change", (event) => {
      for (const file of event.target.files) enqueue(file, trigger);
      event.target.value = "";
    });
    element.addEventListener("dragover", (event) => over(event, true));
    element.addEventListener("dragleave", (event) => over(event, false));
    element.addEventListener("drop", (event) => {
      if (over(event, false)) for (const file of event.dataTransfer.files) enqueue(file, trigger);
    });
  };

  // A list that was made before what is looked for was typed to its end is made again, once.
  const list = (element, trigger, watch) => {
    let again;
    watch("value", () => {
      const form = document.querySelector(".articles-filter form");
      const listed = element.querySelector("[data-wanted]")?.dataset.wanted;
      if (!form || !listed) return;
      const wanted = JSON.stringify([...new FormData(form).values()]);
      if (JSON.stringify(JSON.parse(listed)) === wanted) again = undefined;
      else if (again !== wanted) {
        again = wanted;
        form.requestSubmit();
      }
    });
    element.addEventListener("click", (press) => {
      const button = press.target.closest("button[data-event]");
      if (button) trigger(button.dataset.event, {...button.dataset});
    });
  };

  const pane = (element, trigger, props, watch) => {
    const shown = () => element.querySelector(".pane");
    const close = () => {
      const article = shown()?.dataset.article;
      props.value = "";
      document.querySelector(`.articles-list [data-article="${CSS.escape(article ?? "")}"]`)?.focus();
    };
    const remove = async (button) => {
      const texts = labels();
      const name = encodeURIComponent(shown().dataset.article);
      const {status} = await fetch(`/articles/${name}`, {method: "DELETE"}).catch(() => ({status: 0}));
      const gone = status === 200 || status === 404;
      const said = make("p", {className: gone ? "removed" : "failed"});
      said.setAttribute("role", "status");
      said.textContent = gone ? button.dataset.removed : refusal(status, texts);
      if (gone) shown().replaceChildren(said);
      else button.after(said);
      if (gone) altered(trigger);
    };
    element.addEventListener("click", (press) => {
      const button = press.target.closest("button[data-do]");
      if (button?.dataset.do === "close") close();
      if (button?.dataset.do === "remove") remove(button);
    });
    element.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    element.addEventListener("change", (event) => {
      const {article, file} = shown().dataset;
      const [chosen] = event.target.files;
      if (chosen) enqueue(chosen, trigger, {article, file}).then(close);
    });
    watch("value", () => {
      if (!shown()) return;
      shown().focus({preventScroll: true});
      shown().scrollIntoView({block: "nearest"});
    });
  };

  return {add, list, pane};
})();
