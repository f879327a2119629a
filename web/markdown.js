// The safe Markdown subset of the bot's texts: paragraphs, **bold**, "- " and "1. " lists, links to
// https and tel. All other markup stays text.

import { clean, el } from "./dom.js";

const INLINE = /\*\*(.+?)\*\*|\[([^\]\n]+)\]\((https:\/\/[^\s()]+|tel:[0-9+*#-]+)\)/g;
const ITEM = /^(?:(-)|(\d{1,3})\.) +(.*)$/;

function hostOf(href) {
  try {
    return new URL(href).host;
  } catch {
    return null;
  }
}

function link(label, href) {
  const anchor = el("a", { href, rel: "noopener noreferrer" }, label);
  if (href.startsWith("tel:")) return [anchor];
  anchor.target = "_blank";
  // A label may name one site and link to another, so the host is always shown.
  const host = hostOf(href);
  return label.includes(host) ? [anchor] : [anchor, el("small", {}, ` (${host})`)];
}

function inline(text, inBold = false) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, bold, label, href] = found;
    if (bold !== undefined && inBold) continue;
    if (href !== undefined && hostOf(href) === null) continue;
    nodes.push(text.slice(from, found.index));
    nodes.push(...(bold === undefined ? link(label, href) : [el("strong", {}, ...inline(bold, true))]));
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** The text as elements, to be appended to a bubble. */
export function markdown(text) {
  const page = document.createDocumentFragment();
  let block = null;
  for (const line of clean(text).split(/\r?\n/)) {
    const item = ITEM.exec(line);
    if (line.trim() === "") {
      block = null;
    } else if (item) {
      const tag = item[1] ? "UL" : "OL";
      if (block?.tagName !== tag) {
        block = el(tag, item[2] ? { start: Number(item[2]) } : {});
        page.append(block);
      }
      block.append(el("li", {}, ...inline(item[3])));
    } else if (block?.tagName === "P") {
      block.append(el("br"), ...inline(line));
    } else {
      block = el("p", {}, ...inline(line));
      page.append(block);
    }
  }
  return page;
}

/** Steps of an answer, folded under a label; null without any. */
export function stepList(steps, label) {
  if (!steps?.length) return null;
  const items = steps.map((step) => el("li", {}, ...inline(clean(step))));
  return el("details", { className: "steps" }, el("summary", {}, label), el("ol", {}, ...items));
}
