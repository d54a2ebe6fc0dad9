// What a page can do only with a script: copying and painting. Everything else works by links and forms.
"use strict";

document.documentElement.classList.add("has-script");

const FORMULA = /^[=+\-@\t\r]/;

/** Return a text as a cell of a CSV file (RFC 4180); one that a spreadsheet would run as a formula is disarmed. */
function cell(text) {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Return what a table's cell says: as it is told to a screen reader, with whole numbers and exact times. */
function say(element) {
  if (element.dataset.value !== undefined) return element.dataset.value;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("[data-value], time, .number").forEach((each) => {
    each.textContent = each.dataset.value ?? (each.title || each.textContent);
  });
  copy.querySelectorAll("svg, button").forEach((each) => each.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** Return a table as CSV; a cell that spans rows or columns is repeated in each. */
function csv(table) {
  const rows = [...table.rows].map(() => []);
  [...table.rows].forEach((row, top) => {
    let left = 0;
    for (const each of row.cells) {
      while (rows[top][left] !== undefined) left += 1;
      const text = cell(say(each));
      for (let down = 0; down < each.rowSpan && top + down < rows.length; down += 1) {
        for (let right = 0; right < each.colSpan; right += 1) rows[top + down][left + right] = text;
      }
    }
  });
  return rows.map((row) => row.join(",")).join("\r\n") + "\r\n";
}

/** Put a text on the clipboard, also where the page came over plain HTTP and the browser has no clipboard for it. */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-csv]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy ?? button.dataset.csv);
  await copy(button.dataset.csv ? csv(source) : source.textContent.trim());
  const words = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = words; }, 1500);
});

/** Save the drawing at an address as a PNG, twice its size, which is sharp on paper and on fine screens. */
async function paint(address) {
  const drawing = new Image();
  drawing.src = address;
  await drawing.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * drawing.naturalWidth, 2 * drawing.naturalHeight];
  canvas.getContext("2d").drawImage(drawing, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await new Promise((done) => { canvas.toBlob(done); }));
  link.download = "network.png";
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-png]");
  if (button) paint(button.dataset.png);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-instant] select")) event.target.form.requestSubmit();
});

// What was left empty in a form that asks is not part of its address.
document.addEventListener("formdata", (event) => {
  if (event.target.method !== "get") return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// The cell that was picked in a grid is marked at once, and what has come of it gets the focus.
document.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-picks]");
  if (!picked) return;
  document.querySelectorAll("[data-picks][aria-current]").forEach((each) => each.removeAttribute("aria-current"));
  picked.setAttribute("aria-current", "true");
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.matches("[data-focus]")) event.target.focus();
});
