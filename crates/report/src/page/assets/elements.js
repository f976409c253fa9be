// Elements of a page. Text is only ever text: nothing here reads markup.

const byId = (id) => document.getElementById(id);

/** An element with properties, then children: elements, text, or nothing. */
function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "width") node.style.width = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  return put(node, ...children);
}

/** Gives an element these children, nothing among them left out. */
function put(node, ...children) {
  node.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A dotted name or a path, which may break behind its parts. */
const broken = (name) => name.split(/(?<=[./:_-])/).flatMap((part, at) => (at ? [document.createElement("wbr"), part] : [part]));

const button = (text, properties, ...children) => element("button", { type: "button", ...properties }, text, ...children);

/** `path:line` as a link into the changes, where the file is among them. */
function placeLink(path, line) {
  const text = line ? `${path}:${line}` : path;
  const entry = entriesByPath.get(path)?.[0];
  if (!entry) return element("span", { class: "path" }, broken(text));
  const go = (event) => {
    event.preventDefault();
    openPlace(path, line);
  };
  const href = `#${new URLSearchParams({ view: "changes", file: entry.id })}`;
  return element("a", { class: "path", href, onclick: go }, broken(text));
}

/** Text in which what stands between backticks is code. */
function prose(text) {
  const parts = text.split("`");
  if (parts.length % 2 === 0) return [text];
  return parts.map((part, at) => (at % 2 ? element("code", null, part) : part));
}

let toastTimer = 0;
function say(text) {
  const toast = byId("status");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), 2200);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("This browser does not let a page copy; select the text instead");
  }
}

/** Fills elements that come near to what is seen, and empties those that go. */
const near = new IntersectionObserver(
  (changes) => {
    for (const { target, isIntersecting } of changes) isIntersecting ? fill(target) : drain(target);
  },
  { root: byId("main"), rootMargin: "1000px 0px" },
);

/** An element of about `height` pixels that `make` fills once it is near. */
function lazy(node, height, make) {
  node.lazily = make;
  node.style.minHeight = `${height}px`;
  near.observe(node);
  return node;
}

function fill(node) {
  if (node.isFilled) return;
  node.isFilled = true;
  put(node, ...node.lazily());
  node.style.minHeight = "";
  if (asked.query) markFound(node);
}

function drain(node) {
  // What is looked at, or about to be copied, stays.
  const selection = document.getSelection();
  const isHeld = node.contains(document.activeElement) || (selection.rangeCount && selection.containsNode(node, true));
  if (!node.isFilled || isHeld || !node.isConnected || document.body.classList.contains("printing")) return;
  if (node.offsetParent === null) return;
  node.style.minHeight = `${node.offsetHeight}px`;
  node.isFilled = false;
  node.replaceChildren();
}

/** Marks what was searched for in the text of `node`. */
function markFound(node) {
  if (!CSS.highlights) return;
  const query = asked.query.toLowerCase();
  let found = CSS.highlights.get("found");
  if (!found) CSS.highlights.set("found", (found = new Highlight()));
  for (const cell of node.querySelectorAll("td.code, .file-name")) {
    const text = cell.textContent.toLowerCase();
    for (let at = text.indexOf(query); at >= 0; at = text.indexOf(query, at + query.length)) {
      const range = rangeIn(cell, at, at + query.length);
      if (range) found.add(range);
    }
  }
}

function rangeIn(node, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  let at = 0;
  let isOpen = false;
  while (walker.nextNode()) {
    const length = walker.currentNode.length;
    if (!isOpen && start < at + length) {
      range.setStart(walker.currentNode, start - at);
      isOpen = true;
    }
    if (isOpen && end <= at + length) {
      range.setEnd(walker.currentNode, end - at);
      return range;
    }
    at += length;
  }
  return null;
}
