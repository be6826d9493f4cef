// The console's own script. No inline scripts, no eval: the Content-Security-Policy allows 'self' only.
(() => {
  'use strict';

  const { recall, remember } = globalThis.consoleChoices;

  // ---- clipboard -----------------------------------------------------------------------------------------------

  // navigator.clipboard exists on https and localhost only; a console on plain http in a private network needs the old method.
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'sr-only';
      // It is placed inside an open dialog, because a dialog keeps the focus and only focused text can be selected.
      (document.activeElement?.parentElement ?? document.body).append(area);
      area.select();
      try {
        return document.execCommand('copy');
      } finally {
        area.remove();
      }
    }
  }

  async function onCopy(button) {
    const source = button.dataset.copyFrom;
    const text = source ? document.getElementById(source)?.textContent ?? '' : button.dataset.copy ?? '';
    const done = await copy(text);
    button.focus();
    const status = button.querySelector('[role=status]');
    status.textContent = done ? 'Copied' : 'Copying failed';
    button.classList.toggle('copied', done);
    const label = button.querySelector('.copy-label');
    if (label) {
      label.dataset.done = done ? 'Copied' : 'Failed';
    }

    clearTimeout(button.copyTimer);
    button.copyTimer = setTimeout(() => {
      button.classList.remove('copied');
      status.textContent = '';
    }, 1600);
  }

  function download(name, type, text) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  function timeZone() {
    try {
      return Intl.DateTimeFormat().resolvedOptions().timeZone ?? null;
    } catch {
      return null;
    }
  }

  // ---- border between list and detail ----------------------------------------------------------------------------

  // The share of the detail in percent. It is a variable of the page, so that a border which appears later stands where it was left.
  const usualShare = 44;
  const [leastShare, mostShare] = [30, 70];
  let share = usualShare;

  function resize(percent) {
    share = Math.round(Math.max(leastShare, Math.min(mostShare, percent)));
    document.documentElement.style.setProperty('--panel-share', `${share}%`);
    document.querySelectorAll('[data-resizer]').forEach(border => border.setAttribute('aria-valuenow', share));
  }

  const rememberedShare = Number(recall('panel-share'));
  if (rememberedShare) {
    resize(rememberedShare);
  }

  function shareAt(border, x) {
    const box = border.parentElement.getBoundingClientRect();
    return 100 * (box.right - x) / box.width;
  }

  const borderOf = event => event.target instanceof Element ? event.target.closest('[data-resizer]') : null;

  // Calls back for every move of the pointer until it is released.
  function drag(border, event, onMove, onEnd) {
    event.preventDefault();
    border.focus({ preventScroll: true });
    border.setPointerCapture(event.pointerId);
    border.addEventListener('pointermove', onMove);
    border.addEventListener('lostpointercapture', () => {
      border.removeEventListener('pointermove', onMove);
      onEnd();
    }, { once: true });
  }

  document.addEventListener('pointerdown', event => {
    const border = borderOf(event);
    if (border && event.button === 0) {
      drag(border, event, moved => resize(shareAt(border, moved.clientX)), () => remember('panel-share', share));
    }
  });

  document.addEventListener('dblclick', event => {
    if (borderOf(event)) {
      resize(usualShare);
      remember('panel-share', share);
    }
  });

  // The left arrow key moves the border left, which makes the detail wider.
  document.addEventListener('keydown', event => {
    const to = borderOf(event) && { ArrowLeft: share + 2, ArrowRight: share - 2, Home: mostShare, End: leastShare, Enter: usualShare }[event.key];
    if (to) {
      event.preventDefault();
      resize(to);
      remember('panel-share', share);
    }
  });

  document.addEventListener('focusin', event => borderOf(event)?.setAttribute('aria-valuenow', share));

  // ---- borders of columns ----------------------------------------------------------------------------------------

  // Widths are percentages of the list and variables of the page, too. One column has none: it takes what the others leave.
  const columnNames = ['status', 'webhook', 'result'];
  const [leastColumn, leastRest, columnStep] = [72, 140, 16];
  const columnOf = event => event.target instanceof Element ? event.target.closest('[data-column]') : null;
  const widthOf = element => element.getBoundingClientRect().width;

  function setColumn(name, percent) {
    if (percent) {
      document.documentElement.style.setProperty(`--col-${name}`, `${percent}cqw`);
    } else {
      document.documentElement.style.removeProperty(`--col-${name}`);
    }
  }

  for (const name of columnNames) {
    const percent = Number(recall(`column-${name}`));
    setColumn(name, percent > 0 && percent < 100 ? percent : 0);
  }

  function showColumn(border) {
    border.setAttribute('aria-valuenow', Math.round(100 * widthOf(border.closest('th')) / widthOf(border.closest('table'))));
  }

  function resizeColumn(border, width) {
    const [head, table] = [border.closest('th'), border.closest('table')];
    const most = widthOf(head) + widthOf(table.querySelector('th.c-event')) - leastRest;
    const percent = 100 * Math.max(leastColumn, Math.min(most, width)) / widthOf(table);
    setColumn(border.dataset.column, percent.toFixed(2));
    showColumn(border);
  }

  function keepColumn(border) {
    const name = border.dataset.column;
    remember(`column-${name}`, Number.parseFloat(document.documentElement.style.getPropertyValue(`--col-${name}`)) || '');
  }

  function resetColumn(border) {
    setColumn(border.dataset.column, 0);
    showColumn(border);
  }

  // A border at the start of its column makes it wider when it moves left.
  const signOf = border => border.dataset.side === 'start' ? -1 : 1;

  document.addEventListener('pointerdown', event => {
    const border = columnOf(event);
    if (border && event.button === 0) {
      const width = widthOf(border.closest('th'));
      drag(border, event, moved => resizeColumn(border, width + signOf(border) * (moved.clientX - event.clientX)), () => keepColumn(border));
    }
  });

  document.addEventListener('dblclick', event => {
    const border = columnOf(event);
    if (border) {
      resetColumn(border);
      keepColumn(border);
    }
  });

  document.addEventListener('keydown', event => {
    const border = columnOf(event);
    const step = { ArrowLeft: -columnStep, ArrowRight: columnStep }[event.key];
    if (!border || event.ctrlKey || event.metaKey || event.altKey || !(step || event.key === 'Enter')) {
      return;
    }

    event.preventDefault();
    if (step) {
      resizeColumn(border, widthOf(border.closest('th')) + signOf(border) * step);
    } else {
      resetColumn(border);
    }

    keepColumn(border);
  });

  document.addEventListener('focusin', event => {
    if (columnOf(event)) {
      showColumn(columnOf(event));
    }
  });

  // ---- menus (popover) -----------------------------------------------------------------------------------------

  const items = menu => [...menu.querySelectorAll('[role^=menuitem]:not(:disabled)')];

  function place(menu, button) {
    const box = button.getBoundingClientRect();
    const size = menu.getBoundingClientRect();
    const below = box.bottom + 4 + size.height <= innerHeight || box.top < size.height + 4;
    const left = menu.dataset.align === 'end' ? box.right - size.width : box.left;
    menu.style.top = `${below ? box.bottom + 4 : box.top - size.height - 4}px`;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
  }

  let openMenu = null;

  document.addEventListener('toggle', event => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(':is(.menu, .popover)[popover]')) {
      return;
    }

    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    const open = event.newState === 'open';
    openMenu = open ? menu : null;
    button?.setAttribute('aria-expanded', String(open));
    if (open && button) {
      place(menu, button);
      items(menu)[0]?.focus();
    }
  }, true);

  // Whoever opens a menu before the connection is there keeps it when the page is drawn again.
  new MutationObserver(() => {
    if (openMenu && !openMenu.isConnected) {
      const again = [...document.querySelectorAll('.menu[popover]')].find(menu => menu.ariaLabel === openMenu.ariaLabel);
      openMenu = null;
      again?.showPopover();
    }
  }).observe(document.body, { childList: true, subtree: true });

  function onMenuKey(event, menu) {
    const all = items(menu);
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    } else if (event.key === 'Tab') {
      menu.hidePopover();
    }
  }

  function hidePopover(id) {
    const popover = document.getElementById(id);
    if (popover?.matches(':popover-open')) {
      popover.hidePopover();
    }
  }

  // A fixed menu would stay in place while the page scrolls under it.
  addEventListener('scroll', () => document.querySelector('.menu:popover-open')?.hidePopover(), { capture: true, passive: true });

  // ---- clicks --------------------------------------------------------------------------------------------------

  document.addEventListener('click', event => {
    const target = event.target instanceof Element ? event.target : null;
    const copyButton = target?.closest('button.copy');
    if (copyButton) {
      onCopy(copyButton);
      return;
    }

    const item = target?.closest('.menu [role^=menuitem]');
    if (item) {
      item.closest('.menu').hidePopover();
      return;
    }

    const skip = target?.closest('[data-focus]');
    if (skip) {
      event.preventDefault();
      document.getElementById(skip.dataset.focus)?.focus();
      return;
    }

    if (target?.closest('[data-reload]')) {
      location.reload();
    }

    if (target?.closest('[data-print]')) {
      print();
    }
  });

  // Browsers open the section around the target of a link; Blazor, which takes over such clicks, does not.
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href*="#"]') : null;
    if (link && link.pathname === location.pathname) {
      document.getElementById(link.hash.slice(1))?.closest('details')?.setAttribute('open', '');
    }
  }, true);

  // Blazor scrolls to the top after every navigation. A link that opens something beside a list must not move the list.
  document.addEventListener('click', event => {
    const y = scrollY;
    if (y === 0 || !(event.target instanceof Element) || !event.target.closest('[data-keep-scroll] a:not([data-scroll-top])')) {
      return;
    }

    const stop = new AbortController();
    addEventListener('scroll', () => {
      if (scrollY === 0) {
        stop.abort();
        scrollTo({ top: y, behavior: 'instant' });
      }
    }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 1500);
  }, true);

  // ---- keys ----------------------------------------------------------------------------------------------------

  const typing = element => element instanceof HTMLElement
    && (element.isContentEditable || element.matches('input:not([type=checkbox], [type=radio]), textarea, select, [role=textbox], [role=combobox], [role=listbox]'));

  // The rows of a list: arrows move between them, r replays one, x selects it, X everything up to it. Enter opens it, because its link
  // has the focus. Everything happens here at once; over the wire, keys would arrive late and out of step.
  function onRowKey(event) {
    const table = document.querySelector('table[data-rows]');
    const row = event.target instanceof Element ? event.target.closest('table[data-rows] tbody tr') : null;
    if (!table || (!row && event.target !== document.body && !event.target.closest('main h1'))) {
      return false;
    }

    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const rows = [...table.tBodies[0].rows];
      const next = row ? rows[rows.indexOf(row) + step] : rows[0];
      next?.querySelector('.row-link')?.focus({ preventScroll: true });
      next?.scrollIntoView({ block: 'nearest' });
      return true;
    }

    const control = { r: '[data-row-replay]', x: '[data-row-check]', X: '[data-row-check]' }[event.key];
    const button = control && row?.querySelector(control);
    button?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: event.key === 'X' }));
    return !!button;
  }

  const keysOn = () => recall('keys') !== 'off';
  const setKeys = on => remember('keys', on ? 'on' : 'off');

  let first = '';
  let firstTimer = 0;

  document.addEventListener('keydown', event => {
    const menu = event.target instanceof Element ? event.target.closest('.menu') : null;
    if (menu) {
      onMenuKey(event, menu);
      return;
    }

    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || document.querySelector('.rz-dialog, dialog[open]')) {
      return;
    }

    // Keys without Ctrl or Alt can be turned off, for people whose voice or hands press them by accident (WCAG 2.1.4).
    if (event.key.length === 1 && !keysOn()) {
      return;
    }

    if (!first && onRowKey(event)) {
      event.preventDefault();
      return;
    }

    if (event.key === '[' || event.key === ']') {
      const tabs = [...document.querySelectorAll('main nav.tabs a')];
      // The address is ahead of the marked tab while the server draws the page.
      const at = tabs.findLastIndex(tab => location.pathname === tab.pathname || location.pathname.startsWith(`${tab.pathname}/`));
      if (tabs.length > 0) {
        event.preventDefault();
        tabs[(at + (event.key === ']' ? 1 : tabs.length - 1)) % tabs.length].click();
      }

      return;
    }

    if (event.key === '/') {
      const search = document.querySelector('[data-search]');
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }

      return;
    }

    const keys = first ? `${first} ${event.key}` : event.key;
    clearTimeout(firstTimer);
    first = '';
    const control = [...document.querySelectorAll('[data-shortcut]')].find(element => element.dataset.shortcut === keys);
    if (control) {
      event.preventDefault();
      control.click();
    } else if (event.key === 'g') {
      first = 'g';
      firstTimer = setTimeout(() => { first = ''; }, 1200);
    }
  });

  // ---- charts --------------------------------------------------------------------------------------------------

  // A chart is a single tab stop; the arrow keys move between bars without asking the server.
  document.addEventListener('keydown', event => {
    const bar = event.target instanceof Element ? event.target.closest('[data-roving] .chart-bar') : null;
    if (!bar || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
      return;
    }

    const bars = [...bar.closest('[data-roving]').querySelectorAll('a.chart-bar')];
    const at = bars.indexOf(bar);
    const next = bars[{ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key]];
    if (next) {
      event.preventDefault();
      bars.forEach(other => { other.tabIndex = other === next ? 0 : -1; });
      next.focus();
    }
  });

  // ---- focus that lost its place ---------------------------------------------------------------------------------

  // A button that disappears after its work (Claim, Revoke, Save) takes the focus with it, and the keyboard starts at the top
  // again. The next best place is near the button: the first control of its group, form or card, else the page's heading.
  const stops = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled)';
  let focused = null;
  let places = [];
  let lostTimer = 0;

  document.addEventListener('focusin', event => {
    focused = event.target;
    places = [];
    for (let place = focused.closest('fieldset, form, section'); place; place = place.parentElement?.closest('fieldset, form, section')) {
      places.push(place);
    }
  });

  const isGone = element => !element.isConnected || !element.checkVisibility({ visibilityProperty: true });

  function findPlace() {
    lostTimer = 0;
    if (!focused || document.activeElement !== document.body) {
      return;
    }

    // A dialog that is closing may give the focus back; it may also have been opened by something that is gone. A control that is busy
    // takes the focus again when it is not.
    const place = places.find(place => place.isConnected);
    const dialog = [...document.querySelectorAll('.rz-dialog')].at(-1);
    if ((dialog && !dialog.contains(place)) || (!isGone(focused) && focused.disabled)) {
      lostTimer = setTimeout(findPlace, 200);
      return;
    }

    const heading = document.querySelector('main h1');
    heading?.setAttribute('tabindex', '-1');

    // What is hidden does not take the focus. The heading is behind a dialog.
    const near = places.filter(place => place.isConnected).flatMap(place => [...place.querySelectorAll(stops)]);
    [focused, ...near, dialog ? null : heading].find(control => {
      control?.focus({ preventScroll: !place });
      return document.activeElement === control;
    });
  }

  // The circuit draws the navigation once more when it comes. Whoever was on their way through it by keyboard continues at the same control.
  const drawnAgain = () => [...document.querySelectorAll(`:is(.sidebar, .topbar) ${focused.tagName}`)].find(control =>
    control.getAttribute('href') === focused.getAttribute('href') && control.ariaLabel === focused.ariaLabel && control.textContent === focused.textContent);

  // This runs later than a page that knows a better place, or a dialog that returns the focus.
  new MutationObserver(() => {
    if (focused && !focused.isConnected && focused.matches('.sidebar *, .topbar *') && document.activeElement === document.body) {
      drawnAgain()?.focus({ preventScroll: true });
    }

    // A page that changes all the time must not put it off.
    if (focused && (isGone(focused) || focused.disabled)) {
      lostTimer ||= setTimeout(findPlace, 200);
    }
  }).observe(document.body, { attributes: true, attributeFilter: ['hidden', 'disabled'], childList: true, subtree: true });

  // ---- one-time links --------------------------------------------------------------------------------------------

  // Their code follows the '#', which browsers do not send: it reaches the server in a form, so it is in no log.
  function openLink() {
    const form = document.querySelector('form[data-one-time]');
    if (form && location.hash.length > 1) {
      form.querySelector('input[type=text]').value = location.hash.slice(1);
      history.replaceState(null, '', location.pathname);
      form.requestSubmit();
    }
  }

  openLink();
  // A link may be pasted into the tab of an earlier one.
  addEventListener('hashchange', openLink);

  // ---- connection ----------------------------------------------------------------------------------------------

  // After a restart the server does not know this circuit any more: nothing on the page works, so load it again.
  const modal = document.getElementById('components-reconnect-modal');
  if (modal) {
    new MutationObserver(() => {
      if (modal.classList.contains('components-reconnect-rejected')) {
        setTimeout(() => location.reload(), 1500);
      }
    }).observe(modal, { attributes: true, attributeFilter: ['class'] });
  }

  // ---- forms ---------------------------------------------------------------------------------------------------

  // Fields are checked in page order; a folded section is opened first.
  function focusInvalid(form) {
    const field = form?.querySelector('[aria-invalid=true]');
    field?.closest('details')?.setAttribute('open', '');
    field?.focus();
    field?.scrollIntoView({ block: 'center' });
  }

  // Radzen waits half a second before it gives the focus to a dialog; until then Enter would press the button behind it again.
  function focusFirst(marker) {
    const dialog = marker?.closest('.rz-dialog');

    // The server asks for this a round trip after it has drawn the dialog. By then, somebody may already be typing in the dialog.
    if (dialog?.contains(document.activeElement)) {
      return;
    }

    const fields = dialog?.querySelectorAll('.rz-dialog-content :is(input, select, textarea, button, summary)') ?? [];
    const field = [...fields].find(field => !field.disabled && field.offsetParent && (field.type !== 'radio' || field.checked));
    (field ?? dialog?.querySelector('.rz-dialog-titlebar-close'))?.focus();
  }

  // A text area with data-settle reports its text when typing pauses, not only when it loses the focus.
  document.addEventListener('input', event => {
    const area = event.target;
    if (area instanceof HTMLTextAreaElement && 'settle' in area.dataset) {
      clearTimeout(area.settleTimer);
      area.settleTimer = setTimeout(() => area.dispatchEvent(new Event('change', { bubbles: true })), 350);
    }
  });

  // Enter in a field with data-no-submit is for the field: it never submits the form around it.
  document.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && 'noSubmit' in event.target.dataset) {
      event.preventDefault();
    }
  });

  // ---- trees ---------------------------------------------------------------------------------------------------

  // https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ The rows of a tree are one flat list with aria-level; arrows move without a round
  // trip. The tree itself is what Tab reaches, and it hands the focus to the row that had it last.
  const rows = tree => [...tree.querySelectorAll('[role=treeitem]')];
  const level = row => Number(row.getAttribute('aria-level'));

  function parentOf(row) {
    let above = row.previousElementSibling;
    while (above && level(above) >= level(row)) {
      above = above.previousElementSibling;
    }

    return above;
  }

  document.addEventListener('focusin', event => {
    const tree = event.target instanceof Element ? event.target.closest('[role=tree]') : null;
    if (!tree) {
      return;
    }

    if (event.target === tree) {
      (tree.lastRow?.isConnected ? tree.lastRow : rows(tree)[0])?.focus();
    } else {
      tree.lastRow = event.target;
      tree.setAttribute('tabindex', '-1');
    }
  });

  document.addEventListener('focusout', event => {
    const tree = event.target instanceof Element ? event.target.closest('[role=tree]') : null;
    tree?.setAttribute('tabindex', '0');
  });

  document.addEventListener('keydown', event => {
    const row = event.target instanceof Element ? event.target.closest('[role=treeitem]') : null;
    const tree = row?.closest('[role=tree]');
    if (!tree || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }

    const all = rows(tree);
    const at = all.indexOf(row);
    const open = row.getAttribute('aria-expanded');
    const toggle = () => row.querySelector('[data-toggle]')?.click();
    const move = {
      ArrowDown: () => all[at + 1]?.focus(),
      ArrowUp: () => all[at - 1]?.focus(),
      Home: () => all[0].focus(),
      End: () => all.at(-1).focus(),
      ArrowRight: () => open === 'false' ? toggle() : open === 'true' ? all[at + 1]?.focus() : undefined,
      ArrowLeft: () => open === 'true' ? toggle() : parentOf(row)?.focus(),
      ' ': () => row.click(),
      Enter: () => row.click(),
    }[event.key];
    if (move) {
      event.preventDefault();
      move();
    }
  });

  function select(field) {
    field?.focus();
    field?.select();
  }

  // Removes what must not stay on the screen. The server removes it as well; this is for when the connection is lost before that,
  // and for the copy of a left page that browsers keep for "back".
  function forget(place, milliseconds) {
    const clear = () => {
      removeEventListener('pagehide', clear);
      if (place) {
        place.querySelectorAll('[data-copy]').forEach(button => delete button.dataset.copy);
        place.querySelectorAll('input').forEach(field => { field.value = ''; field.removeAttribute('value'); });
      }
    };
    addEventListener('pagehide', clear);
    setTimeout(clear, milliseconds);
  }

  // This scrolls only to elements that are barely visible.
  function reveal(element) {
    const box = element?.getBoundingClientRect();
    if (box && (box.top < 0 || box.top > innerHeight - 160)) {
      element.scrollIntoView({ block: 'start' });
    }
  }

  globalThis.consoleUi = { copy, download, keysOn, setKeys, timeZone, recall, remember, focusInvalid, focusFirst, select, forget, reveal, hidePopover };

  // Negotiating the transport is a round trip before every page. Where a WebSocket has worked before, it is opened at once. When it no longer
  // does, the page is loaded once more and negotiates: some proxies let no WebSocket through.
  const knowsSocket = document.querySelector('.shell[data-waiting]') && recall('socket') === 'works';
  const secondTry = knowsSocket ? setTimeout(() => location.reload(), 15_000) : 0;
  if (knowsSocket) {
    remember('socket', 'unknown');
  }

  function onCircuitOpened() {
    clearTimeout(secondTry);
    if (!performance.getEntriesByType('resource').some(file => file.name.includes('/_blazor?id='))) {
      remember('socket', 'works');
    }
  }

  // The script's own first retries come within milliseconds of each other and would all be spent during a restart.
  const waits = [1000, 2000, 3000, 5000, 8000];
  Blazor.start({
    circuit: {
      circuitHandlers: [{ onCircuitOpened }],
      configureSignalR: builder => knowsSocket && builder.withUrl('_blazor', { skipNegotiation: true, transport: 1 }),
      // No component brings a script of its own; asking the server for them would be another round trip.
      initializers: { beforeStart: [], afterStarted: [] },
      reconnectionOptions: {
        maxRetries: 60,
        retryIntervalMilliseconds: (attempt, max) => attempt >= max ? null : waits[Math.min(attempt, waits.length - 1)],
      },
    },
  });
})();
