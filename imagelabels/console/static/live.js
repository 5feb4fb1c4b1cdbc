// Live: word of what moves, and the parts of the page that are asked for anew until they show it.
"use strict";
const STATE_SECONDS = 5;
const REPEAT_SECONDS = 5;
const stale = new Set();
let renewing = false;
let asked = 0;

// What the reader asked for comes first: a part that is replaced under a request would lose its answer.
document.addEventListener("htmx:beforeSend", () => { asked += 1; });
document.addEventListener("htmx:afterRequest", () => { asked = Math.max(0, asked - 1); });
const answered = () => new Promise((resolve) => document.addEventListener("htmx:afterRequest", resolve, { once: true }));

// What moves while a part is asked for is asked for again: the answer may be from before.
async function renew(...parts) {
  for (const id of parts) if (document.getElementById(id)) stale.add(id);
  if (renewing) return;
  renewing = true;
  try {
    for (const id of stale) {
      stale.delete(id);
      while (asked) await answered();
      await renewed(id);
    }
  } finally {
    renewing = false;
  }
}

async function renewed(id) {
  const part = document.getElementById(id);
  if (!part || !part.dataset.live) return;
  const selected = id === "list" ? `&selected=${encodeURIComponent(part.dataset.selected)}` : "";
  let answer, text;
  try {
    answer = await fetch(part.dataset.live + selected, { headers: { "HX-Request": "true" } });
    text = await answer.text();
  } catch {
    if (!leaving) say("The console does not answer: has it been stopped?");
  }
  if (answer && !answer.ok) say(sentence(text));
  if (!answer || !answer.ok) { setTimeout(() => renew(id), 1000 * REPEAT_SECONDS); return; }
  if (asked || part !== document.getElementById(id)) { stale.add(id); return; }
  const typed = part.contains(document.activeElement) && document.activeElement.name === "text" ? document.activeElement : null;
  htmx.swap(part, text, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  if (!typed) return;
  const field = document.querySelector("#list input[name=text]");
  field.value = typed.value;
  field.focus();
  field.setSelectionRange(typed.selectionStart, typed.selectionEnd);
}

function draw(image) { image.src = `${image.src.split("?")[0]}?${Date.now()}`; }

// Names of executions that moved, "*" for anything, "mail:" and "picture:" before the names of mails and thumbnails that came.
function news(names) {
  const pictures = new Set(names.filter((name) => name.startsWith("picture:")).map((name) => name.slice(8)));
  for (const image of document.querySelectorAll("img[data-picture]")) {
    if (pictures.has(image.dataset.picture) || (names.includes("*") && image.closest(".gallery"))) draw(image);
  }
  if (pictures.size === names.length) return;
  renew("list");
  if (names.some((name) => name === "*" || name.startsWith("mail:"))) renew("inbox");
  const detail = document.getElementById("detail");
  if (detail && names.some((name) => name === "*" || name === detail.dataset.name || name.startsWith("mail:"))) renew("detail");
}

let events;
function listen() {
  const detail = document.getElementById("detail");
  if (events) events.close();
  events = new EventSource(`/events?name=${encodeURIComponent(detail ? detail.dataset.name : "")}`);
  events.onmessage = (event) => news(JSON.parse(event.data));
}

if (document.querySelector("#list, #detail, #inbox, .gallery")) {
  listen();
  addEventListener("pagehide", () => events.close());
  if (document.querySelector("[data-looking]")) renew("list");
  setInterval(() => { if (document.querySelector("#detail[data-running]")) renew("detail"); }, 1000 * STATE_SECONDS);
}
