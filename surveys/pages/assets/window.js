// What Streamlit does not do in the browser. Runs once per window; never gets text from people.
if (!window.stoMonitor) {
  window.stoMonitor = true;
  document.documentElement.lang = "nl";

  // Typed text is committed on blur or Enter only; commit it while typing, and on leaving.
  // What is sent on leaving may not arrive: the last words typed also wait in this tab's
  // sessionStorage, and a reload puts them back.
  const TYPED = "getypt";
  const waiting = new Map();
  const typed = new Map();
  const nameOf = (field) => field.closest?.('[class*="st-key-vraag-"]')?.className.match(/st-key-(vraag-\S+)/)?.[1];
  const commit = (field) => {
    clearTimeout(waiting.get(field));
    waiting.delete(field);
    field.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true }),
    );
  };
  document.addEventListener("input", ({ target: field }) => {
    if (!field.matches("textarea, input[type=text]")) return;
    if (nameOf(field)) typed.set(nameOf(field), { text: field.value, at: Date.now() });
    else if (!field.closest('[class*="st-key-getal-"]')) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => commit(field), 600));
  });
  const leave = () => {
    [...waiting.keys()].forEach((field) => commit(field));
    const last = [...typed].filter(([, { at }]) => Date.now() - at < 10_000);
    if (last.length) sessionStorage.setItem(TYPED, JSON.stringify({ page: location.search, at: Date.now(), last }));
  };
  window.addEventListener("beforeunload", leave);
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());

  const kept = JSON.parse(sessionStorage.getItem(TYPED) ?? "null");
  sessionStorage.removeItem(TYPED);
  const back = new Map(kept?.page === location.search && Date.now() - kept.at < 60_000 ? kept.last : []);
  const putBack = () => {
    if (kept?.page !== location.search) return; // the fields of another region
    for (const [name, { text }] of back) {
      const field = document.querySelector(`.st-key-${CSS.escape(name)} :is(textarea, input[type=text])`);
      if (!field) continue;
      back.delete(name);
      if (field.value === text) continue;
      const prototype = Object.getPrototypeOf(field);
      Object.getOwnPropertyDescriptor(prototype, "value").set.call(field, text);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  // A marker with data-turn (a number) and data-focus asks, once per number, to go to the top
  // of the page or to the first field of a container, else its button. (No angle brackets in this file: the
  // sanitiser would drop the script.)
  let turned = "0";
  let isHeld = false; // until the person acts: Streamlit may still draw the target anew
  const release = () => { isHeld = false; };
  document.addEventListener("keydown", release, true);
  document.addEventListener("pointerdown", release, true);
  const turn = () => {
    const marker = document.querySelector("[data-turn]");
    const isLost = isHeld && document.activeElement === document.body;
    if (!marker || (marker.dataset.turn === turned && !isLost)) return;
    if (marker.dataset.turn === "0") { // a new session after a restart: stay where we are
      turned = "0";
      return;
    }
    const place = marker.dataset.focus && `.st-key-${CSS.escape(marker.dataset.focus)}`;
    const target = place
      ? document.querySelector(`${place} :is(input, textarea)`) ?? document.querySelector(`${place} button`)
      : document.querySelector("h1");
    if (!target) return;
    turned = marker.dataset.turn;
    if (document.activeElement.matches("textarea, input[type=text]")) return; // who types goes on
    if (place) {
      target.scrollIntoView({ block: "center" });
    } else {
      target.tabIndex = -1;
      document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    }
    target.focus({ preventScroll: true });
    isHeld = true;
  };
  const DUTCH = { // what Streamlit names in English for a screen reader
    "Sidebar": "Menu",
    "Expand sidebar": "Menu openen",
    "Collapse sidebar": "Menu sluiten",
    "App pages": "Pagina's",
    "Scroll tabs left": "Tabbladen naar links",
    "Scroll tabs right": "Tabbladen naar rechts",
    "file upload": "Bestand",
    "Add files": "Ander bestand kiezen",
    "Selected values": "Gekozen",
    "Clear all": "Alles wissen",
    "Dismiss": "Sluiten",
    "Show password": "Wachtwoord tonen",
    "Hide password": "Wachtwoord verbergen",
    "Increment": "Een meer",
    "Decrement": "Een minder",
    "Clear value": "Leegmaken",
    "Open": "Lijst openen",
    "Close": "Sluiten",
    "Copy to clipboard": "Kopiëren",
  };
  const DUTCH_TEXTS = [ // where Streamlit writes in English, what, and what it says in Dutch
    ['[data-testid="stFileUploaderDropzone"] button p', /^Upload$/, "Bestand kiezen"],
    ['[data-testid="stFileUploaderDropzoneInstructions"] span', /^(\d+)MB per file(?: • [\w, ]+)?$/, "hoogstens $1 MB"],
    ['[data-testid="stFileChip"] [role="alert"]', /^.*must be (\d+)\S* or smaller\.$/, "Dit bestand is te groot: kies er een van hoogstens $1 MB."],
    ['[data-testid="stNumberInputContainer"] [role="alert"]', /^Error: Number is outside the allowed range\. Please enter a value between (\S+) and (\S+)\.$/, "Dit kan niet: vul een getal van $1 tot en met $2 in."],
    ['[data-testid="stDownloadButtonError"]', /^(?!Downloaden).+$/, "Downloaden is niet gelukt. Laad de pagina opnieuw en probeer het nog eens."],
    ['[role="listbox"][data-empty] [role="option"] span', /^No results$/, "Niets gevonden"],
    ['[role="dialog"] h2', /^Page not found$/, "Deze pagina is er niet"],
    ['[role="dialog"] div', /^The page that you have requested.*$/, "Kijk of het adres klopt, of kies een pagina in het menu. U ziet nu de eerste pagina."],
  ];
  const tidy = () => {
    turn();
    putBack();
    for (const button of document.querySelectorAll("[data-afdrukken]:not([data-klaar])")) {
      button.dataset.klaar = "ja";
      button.addEventListener("click", () => window.print());
    }
    for (const group of document.querySelectorAll('[class*="st-key-groep-"]:not([role])')) {
      const label = group.querySelector("p");
      if (label) {
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", label.textContent);
      }
    }
    for (const field of document.querySelectorAll('[class*="st-key-getal-"] input[type=text]:not([inputmode])')) {
      field.setAttribute("inputmode", "decimal");
    }
    for (const field of document.querySelectorAll('[class*="st-key-getal-"] input[type=text]:not([aria-describedby])')) {
      const box = field.closest('[class*="st-key-getal-"]');
      const told = box.querySelector("p.toelichting");
      if (!told) continue;
      told.id = `${box.className.match(/st-key-(getal-\S+)/)[1]}-toelichting`;
      field.setAttribute("aria-describedby", told.id);
    }
    for (const [english, dutch] of Object.entries(DUTCH)) {
      for (const named of document.querySelectorAll(`[aria-label="${english}"]`)) named.setAttribute("aria-label", dutch);
    }
    for (const named of document.querySelectorAll('button[aria-label^="Remove "]')) {
      named.setAttribute("aria-label", named.getAttribute("aria-label").replace("Remove", "Haal weg:"));
    }
    for (const [place, english, dutch] of DUTCH_TEXTS) {
      for (const told of document.querySelectorAll(place)) {
        if (!english.test(told.textContent)) continue;
        const text = told.textContent.replace(english, dutch);
        for (const part of told.childNodes) part.nodeValue = part === told.firstChild ? text : "";
      }
    }
    const skip = document.querySelector('[data-testid="stSkipToContent"]')?.firstChild;
    if (skip && skip.nodeValue !== "Naar de inhoud") skip.nodeValue = "Naar de inhoud";
    for (const answer of document.querySelectorAll(".st-key-uitkomst:not([role])")) {
      answer.setAttribute("role", "status"); // read aloud when it changes
    }
    for (const mark of document.querySelectorAll('[data-testid="stVegaLiteChart"] [role^="graphics-"]')) {
      mark.removeAttribute("role"); // the description of the chart tells it all
      mark.removeAttribute("aria-roledescription");
    }
    for (const link of document.querySelectorAll('[data-testid="stSidebarNavItems"] :not([role="list"]) > li')) {
      link.parentElement.setAttribute("role", "list"); // Streamlit lays boxes between list and items
      link.closest("ul").setAttribute("role", "group");
    }
    for (const formula of document.querySelectorAll(".katex-display:not([tabindex])")) {
      formula.tabIndex = 0; // wide ones scroll
      formula.setAttribute("role", "region");
      formula.setAttribute("aria-label", "Formule");
    }
  };
  // Vega gives marks their role anew when a chart gets another size
  new MutationObserver(tidy).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-turn", "role"] });
  tidy();
}
