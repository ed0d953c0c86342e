/* Dragging the rows of an ordered list; the buttons beside each row do the same without it. docs/front-end.md says how. */
(function () {
  "use strict";
  var doc = document, drag = null;
  var EDGE = 60, PACE = 12; // px from the edge of the window where it begins to scroll, px a frame

  function rows() { return Array.prototype.slice.call(drag.row.parentNode.children); }
  function place(y) {
    // Above the first row whose middle lies below the pointer.
    var others = rows().filter(function (row) { return row !== drag.row; });
    var next = others.filter(function (row) {
      var box = row.getBoundingClientRect();
      return y < box.top + box.height / 2;
    })[0] || null;
    if (next !== drag.row.nextElementSibling) drag.row.parentNode.insertBefore(drag.row, next);
  }
  function scroll() {
    if (!drag) return;
    var step = drag.y < EDGE ? -PACE : drag.y > innerHeight - EDGE ? PACE : 0;
    if (step) { scrollBy(0, step); place(drag.y); }
    drag.frame = requestAnimationFrame(scroll);
  }
  function end() {
    var was = drag;
    cancelAnimationFrame(drag.frame);
    drag.row.classList.remove("dragged");
    drag = null;
    return was;
  }
  function putBack(was) { was.list.insertBefore(was.row, was.next); }

  doc.addEventListener("pointerdown", function (event) {
    var handle = event.target.closest("[data-drag]"), row = handle && handle.closest("li");
    if (!row || drag || event.button) return;
    event.preventDefault();
    drag = { row: row, list: row.parentNode, next: row.nextElementSibling, y: event.clientY, id: event.pointerId };
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");
    scroll();
  });
  doc.addEventListener("pointermove", function (event) {
    if (!drag || event.pointerId !== drag.id) return;
    drag.y = event.clientY;
    place(drag.y);
  });
  doc.addEventListener("pointerup", function (event) {
    if (!drag || event.pointerId !== drag.id) return;
    var was = end(), form = was.row.querySelector("form[data-order]"), next = was.row.nextElementSibling;
    if (next === was.next) return;
    htmx.ajax("POST", form.action, {
      source: form, swap: "none", values: { before: next ? next.dataset.row : "end" }
    });
    // The answer draws the list anew. Where none comes, nothing was moved.
    form.addEventListener("htmx:afterRequest", function (event) {
      if (!event.detail.successful) putBack(was);
    }, { once: true });
  });
  doc.addEventListener("pointercancel", function () { if (drag) putBack(end()); });
  doc.addEventListener("keydown", function (event) { if (drag && event.key === "Escape") putBack(end()); });
})();
