// What the page does by itself: the selection, dialogs, copying, boxes, ages and the theme.
"use strict";
const token = document.querySelector("meta[name=token]").content;
const $ = (selector) => document.querySelector(selector);

// htmx: each request carries the token; what is refused is said in a sentence.
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-Console-Token"] = token; });
document.addEventListener("htmx:responseError", (event) => say(sentence(event.detail.xhr.responseText)));
document.addEventListener("htmx:sendError", () => { if (!leaving) say("The console does not answer: has it been stopped?"); });
let leaving = false;
addEventListener("pagehide", () => { leaving = true; });

function sentence(answer) {
  const page = new DOMParser().parseFromString(answer, "text/html");
  const said = page.querySelector("[data-said]");
  return said ? said.dataset.said : page.body.textContent.trim();
}

let silent;
function say(text) {
  const toast = $("#toast");
  toast.textContent = text;
  toast.classList.add("shown");
  clearTimeout(silent);
  silent = setTimeout(() => toast.classList.remove("shown"), 7000);
}

// The selection outlives the list, which is drawn anew whenever something moves.
const chosen = new Set();
document.addEventListener("change", (event) => {
  if (!event.target.matches(".row input")) return;
  if (event.target.checked) chosen.add(event.target.value); else chosen.delete(event.target.value);
  showSelection();
});
function showSelection() {
  for (const box of document.querySelectorAll(".row input")) box.checked = chosen.has(box.value);
  const bar = $("#selection");
  if (!bar) return;
  bar.hidden = chosen.size === 0;
  $("#count").textContent = chosen.size;
}
document.addEventListener("click", (event) => {
  if (event.target.id === "none") chosen.clear();
  if (event.target.id === "every") for (const box of document.querySelectorAll(".row input")) chosen.add(box.value);
  if (["none", "every"].includes(event.target.id)) showSelection();
});

// An execution opens beside the list, which stays where it is.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".side .row a");
  if (!link || !$("#detail") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.getAttribute("href") + "?part=1", { target: "#detail", swap: "outerHTML" }).then(() => {
    history.pushState({}, "", link.getAttribute("href"));
    markSelected(link.dataset.name);
    listen();
    scrollTo({ top: 0 });
  });
});
addEventListener("popstate", () => location.reload());
function markSelected(name) {
  const list = $("#list");
  if (list) list.dataset.selected = name;
  for (const link of document.querySelectorAll(".row a")) {
    link.toggleAttribute("aria-current", link.dataset.name === name);
    if (link.dataset.name === name) link.setAttribute("aria-current", "true");
    link.closest(".row").classList.toggle("selected", link.dataset.name === name);
  }
}
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData } = event.detail;
  // Not what the boxes say: a list that is just being drawn anew has none checked.
  if (elt.id === "selection") for (const name of chosen) formData.append("name", name);
});

document.addEventListener("htmx:afterSettle", () => {
  showSelection();
  const dialog = $("#dialogs dialog");
  if (dialog && !dialog.open) { dialog.showModal(); dialog.addEventListener("close", () => dialog.remove()); }
});
document.addEventListener("click", (event) => {
  if (!event.target.matches("[data-close]")) return;
  const dialog = event.target.closest("dialog");
  if (dialog) dialog.close(); else history.back();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 1500);
});

// A label that is pointed at lights its boxes up.
function light(item, on) {
  const wanted = item.dataset.boxes.split(" ");
  const frame = $(".boxes");
  if (!frame) return;
  frame.classList.toggle("dimmed", on);
  for (const box of frame.querySelectorAll(".box")) box.classList.toggle("lit", on && wanted.includes(box.dataset.box));
}
for (const [name, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(name, (event) => {
    const item = event.target.closest("[data-boxes]");
    if (item) light(item, on);
  });
}

const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
setInterval(() => {
  for (const time of document.querySelectorAll("time[datetime]")) {
    const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
    const [unit, size] = UNITS.find(([, length]) => seconds >= length) || UNITS[3];
    time.textContent = `${Math.floor(seconds / size)} ${unit}`;
  }
}, 5000);

$("#theme").addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark" ||
    (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  $("#search").focus();
});
const current = $(".side .row.selected");
if (current) current.scrollIntoView({ block: "nearest" });
