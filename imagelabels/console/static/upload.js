// Photos and folders dropped anywhere on the page, or chosen: one upload after the other, with its progress.
"use strict";
const MOST_SHOWN = 6;

async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, "", found);
  return found;
}

async function walk(entry, folder, found) {
  if (entry.isFile) {
    if (!entry.name.startsWith(".")) found.push([folder + entry.name, await new Promise((resolve, reject) => entry.file(resolve, reject))]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const one of some) await walk(one, `${folder}${entry.name}/`, found);
  }
}

function lineFor(key) {
  const line = document.createElement("li");
  const name = document.createElement("span");
  const progress = document.createElement("progress");
  name.textContent = key;
  progress.max = 100;
  progress.setAttribute("aria-label", `Uploading ${key}`);
  line.append(name, progress);
  const list = document.getElementById("uploads");
  list.prepend(line);
  while (list.children.length > MOST_SHOWN && list.lastChild.className === "done") list.lastChild.remove();
  return line;
}

function send(key, file) {
  const line = lineFor(key);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/upload?key=${encodeURIComponent(key)}`);
    request.setRequestHeader("X-Console-Token", document.querySelector("meta[name=token]").content);
    request.upload.onprogress = (event) => { line.querySelector("progress").value = (100 * event.loaded) / event.total; };
    request.onloadend = () => {
      const said = document.createElement("small");
      line.querySelector("progress").remove();
      line.className = request.status === 204 ? "done" : "refused";
      said.textContent = request.status === 204 ? "uploaded" : request.responseText || "The console does not answer.";
      line.append(said);
      resolve();
    };
    request.send(file);
  });
}

async function upload(files) {
  for (const [key, file] of files) await send(key, file);
}

const drop = document.getElementById("drop");
if (drop) {
  document.getElementById("files").addEventListener("change", (event) => {
    upload([...event.target.files].map((file) => [file.name, file]));
    event.target.value = "";
  });
  addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    upload(await filesOf(event.dataTransfer));
  });
}
