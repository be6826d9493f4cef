// The palette (Ctrl+K). It opens at once and filters in the browser, so that a slow connection never delays typing; the server sends the
// list of what this person may open and do, and looks up ids.
(() => {
  'use strict';

  const { recall, remember } = globalThis.consoleChoices;
  const dialog = document.getElementById('palette');
  if (!dialog) {
    return;
  }

  const input = dialog.querySelector('input');
  const list = dialog.querySelector('[role=listbox]');
  const status = dialog.querySelector('[role=status]');
  const empty = dialog.querySelector('.palette-empty');
  const icons = dialog.querySelector('template').content;
  const maxShown = 40;
  const maxRecent = 5;
  const minSearch = 3;
  const scattered = 10;

  let bridge = null;
  let index = null;
  let found = [];
  let searching = false;
  let failed = false;
  let shown = [];
  let at = 0;
  let typed = 0;
  let spoken = 0;

  // ---- what was opened last ------------------------------------------------------------------------------------

  // Only addresses are kept, and only those that the list still has are shown: the next person at this browser learns nothing.
  const recent = () => (recall('recent') ?? '').split('\n').filter(href => href);
  const opened = href => remember('recent', [href, ...recent().filter(other => other !== href)].slice(0, maxRecent).join('\n'));

  // ---- finding -------------------------------------------------------------------------------------------------

  // What the page itself offers: its keys and its copy buttons.
  function onThisPage() {
    const names = new Set();
    return [...document.querySelectorAll('main [data-shortcut], main button.copy')]
      .filter(control => control.checkVisibility() && !control.disabled && control.dataset.shortcut !== 'Escape')
      .map(control => ({
        group: 'On this page',
        text: (control.ariaLabel ?? control.textContent).trim().replace(/\s+/g, ' '),
        icon: control.matches('.copy') ? 'Copy' : 'Bolt',
        control,
      }))
      .filter(item => item.text && !names.has(item.text) && names.add(item.text))
      .slice(0, 20);
  }

  function isScattered(word, text) {
    let from = 0;
    for (const letter of word) {
      from = text.indexOf(letter, from) + 1;
      if (from === 0) {
        return false;
      }
    }

    return true;
  }

  function scoreOf(word, item) {
    const text = item.text.toLowerCase();
    if (text.startsWith(word)) {
      return 100;
    }

    if (text.includes(' ' + word)) {
      return 80;
    }

    if (text.includes(word)) {
      return 60;
    }

    if (`${item.hint ?? ''} ${item.keywords ?? ''} ${item.group}`.toLowerCase().includes(word)) {
      return 40;
    }

    return word.length > 2 && isScattered(word, text) ? scattered : 0;
  }

  function match(items, text) {
    const words = text.toLowerCase().split(/\s+/).filter(word => word);
    const found = items
      .map(item => ({ item, scores: words.map(word => scoreOf(word, item)) }))
      .filter(({ scores }) => scores.every(score => score > 0))
      .map(({ item, scores }) => ({ item, exact: !scores.includes(scattered), score: scores.reduce((sum, score) => sum + score, 0) }))
      .sort((a, b) => b.score - a.score);
    // Letters that merely occur in the right order help with typing errors; beside real matches they are noise.
    const exact = found.filter(({ exact }) => exact);
    return (exact.length > 0 ? exact : found).map(({ item }) => item);
  }

  function results() {
    const text = input.value.trim();
    const all = index ?? [];
    if (text) {
      return [...found, ...match([...onThisPage(), ...all], text)].slice(0, maxShown);
    }

    const last = recent().map(href => all.find(item => item.href === href && !item.press)).filter(item => item);
    return [...last.map(item => ({ ...item, group: 'Recent' })), ...onThisPage(), ...all.filter(item => !last.includes(item))].slice(0, maxShown);
  }

  // ---- drawing -------------------------------------------------------------------------------------------------

  function rowOf(item, number) {
    const row = document.createElement('li');
    row.id = `palette-${number}`;
    row.role = 'option';
    row.className = 'palette-row';
    row.ariaSelected = String(number === at);
    const icon = icons.querySelector(`[data-icon="${item.icon}"] svg`)?.cloneNode(true);
    const name = document.createElement('span');
    name.className = 'palette-name';
    name.textContent = item.text;
    row.append(...(icon ? [icon] : []), name);
    if (item.hint) {
      const hint = document.createElement('span');
      hint.className = 'palette-hint';
      hint.textContent = item.hint;
      row.append(hint);
    }

    row.addEventListener('click', () => run(item));
    row.addEventListener('pointermove', () => move(number));
    return row;
  }

  function draw() {
    shown = results();
    at = Math.max(0, Math.min(at, shown.length - 1));
    // Rows of one group stand together, in the order of the best of each.
    const groups = Map.groupBy(shown, item => item.group);
    shown = [...groups.values()].flat();
    let number = 0;
    list.replaceChildren(...[...groups].map(([name, items], group) => {
      const part = document.createElement('ul');
      part.role = 'group';
      part.setAttribute('aria-labelledby', `palette-group-${group}`);
      const heading = document.createElement('li');
      heading.id = `palette-group-${group}`;
      heading.role = 'presentation';
      heading.className = 'palette-group';
      heading.textContent = name;
      part.append(heading, ...items.map(item => rowOf(item, number++)));
      return part;
    }));
    const waiting = index === null && !failed;
    dialog.classList.toggle('waiting', waiting);
    empty.hidden = shown.length > 0 || waiting;
    empty.textContent = failed ? 'The server is not answering. What you typed stays here; try again in a moment.'
      : searching ? 'Searching…'
      : 'Nothing found. Paste a complete ID, or type part of a name.';
    mark();
    say(waiting ? 'Loading' : shown.length === 0 ? empty.textContent : shown.length === 1 ? '1 result' : `${shown.length} results`);
  }

  function mark() {
    list.querySelectorAll('[role=option]').forEach((row, number) => { row.ariaSelected = String(number === at); });
    const row = document.getElementById(`palette-${at}`);
    row?.scrollIntoView({ block: 'nearest' });
    if (row) {
      input.setAttribute('aria-activedescendant', row.id);
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  function move(to) {
    if (to !== at && shown.length > 0) {
      at = (to + shown.length) % shown.length;
      mark();
    }
  }

  // Announcing a count at every keystroke would drown out the keystrokes.
  function say(text) {
    clearTimeout(spoken);
    spoken = setTimeout(() => { status.textContent = text; }, 400);
  }

  // ---- the server ----------------------------------------------------------------------------------------------

  async function load() {
    if (!bridge) {
      return;
    }

    try {
      index = await bridge.invokeMethodAsync('ListAsync');
      failed = false;
    } catch {
      failed = index === null;
    }

    if (dialog.open) {
      draw();
    }
  }

  async function find(text) {
    try {
      const answer = await bridge.invokeMethodAsync('FindAsync', text);
      if (text === input.value.trim()) {
        found = answer;
      }
    } catch {
      // The list in the browser still works.
    }

    searching = false;
    draw();
  }

  function onType() {
    const text = input.value.trim();
    at = 0;
    found = [];
    clearTimeout(typed);
    searching = bridge !== null && text.length >= minSearch;
    if (searching) {
      typed = setTimeout(() => find(text), 150);
    }

    draw();
  }

  // ---- doing ---------------------------------------------------------------------------------------------------

  function go(href) {
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }

  // The palette presses the page's own button, so it can do no more than the page lets this person do.
  function press(command, path) {
    const end = Date.now() + 10_000;
    const wait = () => {
      const control = document.querySelector(`main [data-command="${CSS.escape(command)}"], main [data-shortcut="${CSS.escape(command)}"]`);
      if (control && location.pathname === path) {
        control.click();
      } else if (Date.now() < end) {
        setTimeout(wait, 50);
      }
    };
    wait();
  }

  function run(item) {
    dialog.close();
    if (item.control) {
      item.control.click();
    } else if (item.theme) {
      globalThis.consoleTheme.choose(item.theme);
    } else {
      const path = new URL(item.href, location).pathname;
      if (location.pathname !== path || !item.press) {
        go(item.href);
      }

      if (item.press) {
        press(item.press, path);
      } else {
        opened(item.href);
      }
    }
  }

  function open() {
    // A dialog may hold what somebody has typed; leaving its page would lose it.
    if (dialog.open || document.querySelector('.rz-dialog')) {
      return;
    }

    document.querySelector('.menu:popover-open')?.hidePopover();
    input.value = '';
    found = [];
    at = 0;
    searching = false;
    dialog.showModal();
    input.focus();
    draw();
    load();
  }

  document.addEventListener('keydown', event => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (dialog.open) {
        dialog.close();
      } else {
        open();
      }
    }
  }, true);

  document.addEventListener('click', event => {
    if (event.target instanceof Element && event.target.closest('[data-palette]')) {
      open();
    } else if (event.target === dialog || (event.target instanceof Element && event.target.closest('.palette-close'))) {
      dialog.close();
    }
  });

  input.addEventListener('input', onType);
  input.addEventListener('keydown', event => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 8, shown.length - 1), PageUp: Math.max(at - 8, 0) }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      if (shown[at]) {
        run(shown[at]);
      }
    }
  });

  globalThis.consolePalette = {
    connect(reference) {
      bridge = reference;
      index = null;
      load();
      if (dialog.open && input.value) {
        onType();
      }
    },
  };
})();
