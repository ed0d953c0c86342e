/* On pages where somebody writes an entry: previews, goals by #, tags as chips. Each field works without it. */
(function () {
  "use strict";
  var doc = document, MOST = 6;
  function all(selector, scope) { return Array.prototype.slice.call((scope || doc).querySelectorAll(selector)); }
  function changed(field) { field.dispatchEvent(new Event("input", { bubbles: true })); }
  function made(tag, attributes, text) {
    var element = doc.createElement(tag);
    Object.keys(attributes).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text) element.textContent = text;
    return element;
  }

  /* ---- previews ---- */
  all("[data-preview]").forEach(function (button) {
    var panel = doc.getElementById(button.dataset.preview), field = doc.getElementById(button.dataset.preview.replace(/_preview$/, "")), wait;
    function show() { button.parentNode.classList.toggle("empty", !field.value.trim() && panel.hidden); }
    show();
    button.addEventListener("click", function (event) {
      event.preventDefault();
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
      if (!panel.hidden) htmx.trigger(panel, "refresh");
    });
    field.addEventListener("input", function () {
      clearTimeout(wait);
      show();
      if (!panel.hidden) wait = setTimeout(function () { htmx.trigger(panel, "refresh"); }, 600);
    });
  });

  /* ---- goals by # ---- */
  var goals = all("[data-goals] label").map(function (label) { return label.textContent.trim(); });
  if (goals.length) all("textarea[name^=answer_], textarea[name=text]").forEach(function (field) {
    var id = field.id + "_goals", list = made("ul", { "class": "plain names", role: "listbox", id: id, "aria-label": "Goals", hidden: "" });
    var said = made("span", { "class": "visually-hidden", role: "status" }), at = 0, current = -1, left = -1;
    field.parentNode.classList.add("names-w");
    field.after(list, said);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", id);

    function close() {
      list.hidden = true;
      said.textContent = "";
      field.removeAttribute("aria-activedescendant");
    }
    function mark(index) {
      var options = list.children;
      current = (index + options.length) % options.length;
      all("li", list).forEach(function (option, number) { option.setAttribute("aria-selected", String(number === current)); });
      field.setAttribute("aria-activedescendant", options[current].id);
    }
    function look() {
      var before = field.value.slice(0, field.selectionStart), typed = /(?:^|[^\w&\/#])#(|[^\s#][^\n#]{0,80})$/.exec(before), found;
      if (!typed) { left = -1; close(); return; }
      at = before.length - typed[1].length - 1;
      found = at === left ? [] : goals.filter(function (title) {
        return (" " + title.toLowerCase()).indexOf((typed[1].length < 3 ? " " : "") + typed[1].toLowerCase()) >= 0;
      }).slice(0, MOST);
      if (!found.length) { close(); return; }
      list.replaceChildren.apply(list, found.map(function (title, number) {
        return made("li", { role: "option", id: id + "_" + number }, title);
      }));
      list.hidden = false;
      mark(0);
      said.textContent = found.length + (found.length === 1 ? " goal" : " goals") + ". Arrow keys choose, Enter takes one, Escape leaves.";
    }
    function take(option) {
      var after = field.value.slice(field.selectionStart), put = "#" + option.textContent;
      left = at;
      field.value = field.value.slice(0, at) + put + (/^\s/.test(after) ? "" : " ") + after;
      field.selectionStart = field.selectionEnd = at + put.length + 1;
      close();
      changed(field);
    }
    field.addEventListener("input", look);
    field.addEventListener("blur", close);
    field.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) return;
      if (event.key === "ArrowDown") mark(current + 1);
      else if (event.key === "ArrowUp") mark(current - 1);
      else if (event.key === "Enter" || event.key === "Tab") take(list.children[current]);
      else if (event.key === "Escape") { left = at; close(); }
      else return;
      event.preventDefault();
    });
    list.addEventListener("mousedown", function (event) {
      var option = event.target.closest("li");
      event.preventDefault(); // the field keeps the focus
      if (option) take(option);
    });
  });

  /* ---- tags as chips ---- */
  all("[data-tags]").forEach(function (box) {
    var field = box.querySelector("input"), entry = field.cloneNode(), chips = made("ul", { "class": "plain tags-l" });
    entry.removeAttribute("name");
    entry.value = "";
    field.id += "_all";
    field.hidden = true;
    field.removeAttribute("list");
    field.after(chips, entry);

    function tags() { return field.value.split(/[,;]/).map(function (tag) { return tag.trim().replace(/^#+/, "").toLowerCase(); }).filter(Boolean); }
    function set(list) {
      field.value = list.filter(function (tag, index) { return list.indexOf(tag) === index; }).join(", ");
      changed(field);
    }
    function draw() {
      chips.replaceChildren.apply(chips, tags().map(function (tag) {
        var chip = made("li", { "class": "chip" }, tag), button = made("button", { type: "button", "class": "chip-x", "aria-label": "Remove " + tag });
        button.textContent = "×";
        button.addEventListener("click", function () {
          set(tags().filter(function (each) { return each !== tag; }));
          entry.focus();
        });
        chip.append(button);
        return chip;
      }));
      chips.hidden = !chips.children.length;
    }
    function add() {
      var typed = entry.value;
      entry.value = "";
      if (typed.replace(/[\s,;#]/g, "")) set(tags().concat(typed.trim().replace(/^#+/, "").toLowerCase().split(/[,;]/)));
    }
    field.addEventListener("input", draw);
    entry.addEventListener("keydown", function (event) {
      if (event.isComposing) return;
      if (event.key === "Enter") { event.preventDefault(); add(); }
      if (event.key === "Backspace" && !entry.value && tags().length) set(tags().slice(0, -1));
    });
    entry.addEventListener("input", function (event) {
      var chosen = event.inputType === "insertReplacementText" || !event.inputType;
      if (/[,;]/.test(entry.value) || (chosen && entry.value)) add();
    });
    entry.addEventListener("blur", add);
    draw();
  });
})();
