/* Small conveniences; every page works without them. docs/front-end.md lists what a template may ask for. */
(function () {
  "use strict";
  var doc = document, root = doc.documentElement, body = doc.body;
  var store = storage("sessionStorage"), always = storage("localStorage");
  var WORDS = {
    0: "Not saved yet, you are offline. Your words are kept in this tab.",
    403: "You can no longer do this. Open the page again to see why.",
    404: "This is no longer here, or no longer shared with you.",
    409: "This changed in the meantime. Open the page again to see both versions; your words are kept in this tab.",
    413: "This is too long to save in one go.",
    429: "That was a lot at once. Wait a minute, then try again."
  };

  function storage(kind) { try { return window[kind]; } catch (e) { return {}; } }
  function all(selector, scope) { return Array.prototype.slice.call((scope || doc).querySelectorAll(selector)); }
  function target(button) { return doc.getElementById(button.dataset.for); }
  function changed(field) { field.dispatchEvent(new Event("input", { bubbles: true })); }

  /* ---- toasts and notes ---- */
  function toast(text, undo) {
    var made = doc.importNode(doc.getElementById("toast-template").content, true).firstElementChild;
    made.querySelector("[data-text]").textContent = text;
    var form = made.querySelector("form");
    if (undo) form.action = undo; else form.remove();
    doc.getElementById("toasts").append(made);
    leave(made);
  }
  function leave(element) {
    var wait = setTimeout(go, 8000);
    function go() { if (element.matches(":hover, :focus-within")) wait = setTimeout(go, 2000); else element.remove(); }
  }
  function problem(status) {
    var box = doc.getElementById("problem");
    if (!box) return;
    box.hidden = !arguments.length;
    if (arguments.length) box.querySelector("span").textContent =
      WORDS[status] || "Something broke on our side. Your text is still in this tab.";
  }
  body.addEventListener("toast", function (event) { toast(event.detail.text, event.detail.undo); });
  all("[data-toast]").forEach(leave);

  /* ---- clicks ---- */
  doc.addEventListener("click", function (event) {
    var hit = event.target.closest("button, [data-close], [data-forget]");
    shut(event);
    if (!hit) return;
    var data = hit.dataset, field;
    if ("forget" in data) forget();
    if ("close" in data) hit.closest(".toast, .note, dialog").remove();
    if (data.step && (field = target(hit))) {
      field.value = Math.max(0, (parseFloat(field.value.replace(",", ".")) || 0) + Number(data.step));
      changed(field);
    }
    if ("fill" in data && (field = target(hit))) { field.value = data.fill; changed(field); }
    if (data.addRow) addRow(doc.getElementById(data.addRow));
    if (data.copy) copy(doc.getElementById(data.copy));
    if ("themeSwitch" in data) {
      var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
      always.theme = next;
      root.applyTheme();
    }
    if ("zoneKeep" in data) { always["zone:" + body.dataset.user] = zone(); hit.closest("[data-zone-offer]").hidden = true; }
  });
  function shut(event) {
    all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  }
  doc.addEventListener("pointerdown", shut); // an iPhone tells of no click beside links and buttons
  doc.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest && event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  function addRow(template) {
    var total = doc.getElementById(template.dataset.total), holder = doc.createElement("div");
    if (template.dataset.limit && Number(total.value) >= Number(template.dataset.limit)) {
      toast("There is no room for more lines.");
      return;
    }
    holder.innerHTML = template.innerHTML.replace(/__prefix__/g, total.value);
    var row = holder.firstElementChild, field = row.querySelector("input:not([type=hidden], [type=checkbox]), textarea");
    template.before(row);
    total.value = Number(total.value) + 1;
    if (field) field.focus();
  }
  function copy(source) {
    navigator.clipboard.writeText(source.value || source.textContent.trim()).then(function () { toast("Copied"); });
  }

  /* ---- theme and time zone ---- */
  doc.addEventListener("change", function (event) {
    if (event.target.closest("[data-theme-choice]")) { root.dataset.theme = event.target.value; root.applyTheme(); }
    days();
  });
  // What can be true on one day only is there while that day is chosen.
  function days() {
    all("[data-only-on]").forEach(function (part) { part.hidden = doc.getElementById(part.dataset.for).value !== part.dataset.onlyOn; });
  }
  function zone(name) { return new Intl.DateTimeFormat("en", name ? { timeZone: name } : {}).resolvedOptions().timeZone; }
  function zones(scope) {
    var mine;
    try { mine = zone(); } catch (e) { return; }
    all("[data-browser-zone]", scope).forEach(function (field) {
      var before = field.value;
      field.value = mine;
      if (field.value !== mine) field.value = before; // a list that does not have it
    });
    all("[data-zone-offer]", scope).forEach(function (offer) {
      var kept;
      try { kept = zone(offer.dataset.zoneOffer); } catch (e) { kept = offer.dataset.zoneOffer; }
      all("[data-zone-name]", offer).forEach(function (place) { place.textContent = mine.replace(/_/g, " "); });
      offer.hidden = kept === mine || always["zone:" + body.dataset.user] === mine;
    });
  }

  /* ---- sending: busy buttons, words kept in this tab ---- */
  function words(form) {
    var found = {};
    all("textarea[name], input[type=text][name], input[type=date][name], input:not([type])[name], input[type=radio]:checked", form).forEach(function (field) {
      if (field.value) found[field.name] = field.value;
    });
    return found;
  }
  // Kept until they are known to be saved: until an autosave or fragment went well, or a page loaded well after sending.
  function keep(form, sent) {
    if ("nokeep" in form.dataset || form.method !== "post") return;
    var found = words(form);
    if (Object.keys(found).length) try {
      delete store.failed;
      store.kept = JSON.stringify({
        who: body.dataset.user, path: location.pathname, words: found, sent: sent,
        action: form.getAttribute("action"), version: (form.elements.version || {}).value, page: (form.elements.page || {}).value
      });
    } catch (e) { /* storage is full or off */ }
  }
  function forget() { delete store.kept; delete store.failed; }
  function bringBack() {
    if (!store.kept) return;
    if ("keeps" in body.dataset) { store.failed = 1; return; } // an error page, or sign-in after a long pause
    var kept = JSON.parse(store.kept), restored = false;
    if (kept.who !== body.dataset.user || (kept.sent && !store.failed)) { forget(); return; }
    if (kept.path !== location.pathname) return; // their page may be opened again
    forget();
    all("form textarea, form input").forEach(function (field) {
      var text = kept.words[field.name], form = field.form, version = form && form.elements.version;
      var radio = field.type === "radio", now = radio && form ? form.elements[field.name].value : field.value;
      if (!text || text === now || (radio ? text !== field.value : field.type === "hidden")) return;
      if (!form || kept.action !== form.getAttribute("action")) return;
      // Over a stored text only with the version it was typed upon: if that is old, the server shows both.
      if (now && !(version && kept.version)) return;
      if (version && kept.version) version.value = kept.version;
      if (form.elements.page && kept.page) form.elements.page.value = kept.page; // it goes on, and is no second tab
      if (radio) field.checked = true; else field.value = text;
      restored = true;
      changed(field);
    });
    if (restored) toast("What you had typed is back");
  }
  function busy(form, button) {
    if (!button || button.dataset.busy === undefined) return;
    var spinner = doc.createElement("span"), before = Array.prototype.slice.call(button.childNodes);
    spinner.className = "spinner-border spinner-border-sm";
    spinner.setAttribute("aria-hidden", "true");
    button.replaceChildren(spinner, button.dataset.busy || "Saving");
    form.idle = function () { button.replaceChildren.apply(button, before); };
  }
  doc.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented && !form.matches("[hx-post]")) return;
    keep(form);
    if (form.dataset.sent || (navigator.onLine === false && form.method === "post")) {
      event.preventDefault();
      if (!form.dataset.sent) problem(0);
      return;
    }
    unplan(form);
    count(form);
    if (form.matches("[action='/account/logout/']")) forget();
    // A form with data-file is answered with a file: the page stays, and may ask for another at once.
    if (form.matches("[hx-post], [data-file]") || form.method !== "post") return;
    keep(form, 1);
    form.dataset.sent = 1;
    busy(form, event.submitter);
    setTimeout(function () { rest(form); }, 8000);
  });
  function rest(form) { delete form.dataset.sent; if (form.idle) form.idle(); form.idle = null; }
  addEventListener("pageshow", function (event) { if (event.persisted) all("form[data-sent]").forEach(rest); });

  /* ---- autosave ---- */
  // Each save of a page carries a larger number, so that one which arrives late is not taken for the newest.
  function count(form) {
    var field = form.elements.number;
    if (form.dataset.autosave && field) field.value = Math.max(Date.now(), Number(field.value) + 1);
  }
  function unplan(form) { clearTimeout(form.autosave); form.autosave = 0; }
  function plan(form, wait) {
    unplan(form);
    form.autosave = setTimeout(function () {
      unplan(form);
      count(form);
      htmx.ajax("POST", form.dataset.autosave, { source: form, target: form.querySelector("[data-saved]"), swap: "innerHTML" });
    }, wait);
  }
  doc.addEventListener("input", function (event) {
    var form = event.target.form;
    if (!form || !(form.dataset.autosave || "keep" in form.dataset)) return;
    if (form.elements.at) form.elements.at.value = event.target.name;
    keep(form);
    if (form.dataset.autosave) plan(form, 2500);
  });
  // Whoever leaves within those seconds has saved too. The answer is not waited for; if the page stays, the next one is.
  doc.addEventListener("visibilitychange", function () {
    if (doc.visibilityState === "hidden") all("form[data-autosave]").filter(function (form) { return form.autosave; }).forEach(function (form) {
      count(form);
      fetch(form.dataset.autosave, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" }, keepalive: true
      }).catch(function () { /* too long for a page that closes, or offline: kept in this tab */ });
    });
  });

  /* ---- htmx ---- */
  function isPage(xhr) { return /^\s*<!doctype/i.test(xhr.response); }
  body.addEventListener("htmx:beforeSwap", function (event) {
    var xhr = event.detail.xhr;
    if (isPage(xhr)) { event.detail.shouldSwap = false; problem(xhr.status); }
  });
  // htmx calls every answer of 4xx that it swaps successful. Refused is not saved: the words stay in this tab.
  body.addEventListener("htmx:afterRequest", function (event) {
    var xhr = event.detail.xhr, elt = event.detail.elt;
    if (xhr.status === 429) again(elt);
    if (!event.detail.successful || isPage(xhr)) return;
    problem();
    if (xhr.status >= 400 || elt.closest("[data-aside]")) return;
    // What was typed while that was on its way is not saved yet.
    if (elt.dataset.autosave && JSON.stringify(words(elt)) !== elt.onItsWay) keep(elt); else forget();
  });
  // A button that sends by itself: its form hears of no submit.
  body.addEventListener("htmx:beforeRequest", function (event) {
    var button = event.detail.elt;
    if (button.dataset.autosave) button.onItsWay = JSON.stringify(words(button));
    if (button.tagName === "BUTTON" && button.form && !button.hasAttribute("formaction")) keep(button.form);
  });
  body.addEventListener("htmx:sendError", function (event) { problem(0); again(event.detail.elt); });
  body.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if (status >= 500) { problem(status); again(event.detail.elt); }
  });
  function again(form) { if (form.dataset.autosave && !form.autosave) plan(form, 15000); }
  body.addEventListener("htmx:afterSettle", function (event) {
    var place = event.detail.elt;
    zones(place);
    tabs(place);
    var first = place.matches && place.querySelector(".errsum, [data-focus]");
    if (first) first.focus();
  });
  // With the tab its words would go. Elsewhere they are saved as somebody leaves, or wait for the sign-in.
  addEventListener("beforeunload", function (event) {
    if (navigator.onLine === false && store.kept && doc.querySelector("form[data-autosave]")) event.preventDefault();
  });
  addEventListener("offline", function () { if (doc.querySelector("form[data-autosave]")) problem(0); });
  addEventListener("online", function () { problem(); all("form[data-autosave] textarea").slice(0, 1).forEach(changed); });

  // Of tabs that do not fit, the current one is in sight.
  function tabs(scope) {
    all(".tabline [aria-current]", scope).forEach(function (tab) {
      var line = tab.parentNode;
      line.scrollLeft = tab.offsetLeft - line.offsetLeft - (line.clientWidth - tab.offsetWidth) / 2;
    });
  }

  /* ---- at the start ---- */
  if (matchMedia("(min-width: 992px)").matches) all("details[data-open-wide]").forEach(function (d) { d.open = true; });
  zones();
  tabs();
  bringBack();
  days();
  var summary = doc.querySelector(".errsum");
  if (summary) summary.focus();
})();
