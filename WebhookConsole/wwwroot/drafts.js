// Keeps what somebody has typed and chosen when the server restarts and their page has to be reloaded. It is kept in the tab only,
// for an hour, for the same person; never what could be a secret.
(() => {
  'use strict';

  const store = 'webhookconsole.drafts';
  const maxAge = 60 * 60 * 1000;
  const maxLength = 64 * 1024;
  const patience = 10_000;
  const texts = 'textarea, input:not([type]), input:is([type=text], [type=url], [type=email], [type=tel], [type=number])';
  const choices = 'select, input:is([type=checkbox], [type=radio])';
  const secretWords = /secret|password|token|credential|\bkey\b|\bcode\b/i;

  const touched = new Set();

  const person = () => document.querySelector('.shell:not([data-waiting])')?.dataset.person;
  const placeOf = field => field.closest('.rz-dialog') ?? field.closest('main');
  const titleOf = place => place.querySelector(':scope > .rz-dialog-titlebar .rz-dialog-title')?.textContent.trim() ?? '';
  const labelOf = field => field.labels?.[0]?.textContent ?? field.getAttribute('aria-label') ?? field.id;

  // A label may continue with a hint, a number that changes, or the options of its list; its first words stay the same.
  function nameOf(field) {
    const label = field.labels?.[0];
    const words = label && document.createTreeWalker(label, NodeFilter.SHOW_TEXT);
    while (words?.nextNode()) {
      if (words.currentNode.data.trim()) {
        return words.currentNode.data.trim();
      }
    }

    return labelOf(field).trim();
  }

  // What is chosen in a row of a table belongs to that row, which may be a different one after the reload.
  const keeps = field => field.matches?.(`${texts}, ${choices}`) && !field.readOnly && placeOf(field) && !field.closest('[data-no-draft]')
    && (field.matches(choices) ? !field.closest('table')
      : !/password|one-time-code/.test(field.autocomplete) && !secretWords.test(`${labelOf(field)} ${field.id}`));

  const isTicked = field => field.type === 'checkbox' || field.type === 'radio';
  const valueOf = field => isTicked(field) ? field.checked : field.value;

  // A list may not have been filled yet, and a field may wait for another choice.
  const takes = (field, value) => field && !field.disabled
    && (field.type !== 'select-one' || [...field.options].some(option => option.value === value));

  // Several fields may have the same label: rows of a list.
  function fieldsOf(place) {
    const fields = new Map();
    for (const field of place.querySelectorAll(`${texts}, ${choices}`)) {
      if (keeps(field)) {
        const label = nameOf(field);
        let name = label;
        for (let i = 2; fields.has(name); i++) {
          name = `${label} ${i}`;
        }

        fields.set(name, field);
      }
    }

    return fields;
  }

  function read() {
    try {
      const drafts = JSON.parse(sessionStorage.getItem(store) ?? '[]');
      return drafts.filter(draft => Date.now() - draft.at < maxAge);
    } catch {
      return [];
    }
  }

  function write(drafts) {
    try {
      if (drafts.length > 0) {
        sessionStorage.setItem(store, JSON.stringify(drafts));
      } else {
        sessionStorage.removeItem(store);
      }
    } catch {
      // The tab's storage is full or switched off: the text is lost, as it would be without this.
    }
  }

  document.addEventListener('input', event => {
    if (!touched.has(event.target) && placeOf(event.target)) {
      touched.forEach(field => field.isConnected || touched.delete(field));
      touched.add(event.target);
    }
  }, true);

  // Called when the page is about to be reloaded because its connection is gone.
  function keep() {
    const who = person();
    const places = new Set([...touched].filter(field => field.isConnected).map(placeOf));
    const drafts = read();
    for (const place of who ? places : []) {
      const fields = {};
      for (const [name, field] of fieldsOf(place)) {
        // Of several radio buttons, the one that is on says everything.
        if (touched.has(field) && field.value.length <= maxLength && (field.type !== 'radio' || field.checked)) {
          fields[name] = valueOf(field);
        }
      }

      if (Object.keys(fields).length === 0) {
        continue;
      }

      drafts.push({ person: who, path: location.pathname, title: titleOf(place), fields, at: Date.now() });
    }

    touched.clear();
    write(drafts);
  }

  function enter(field, value) {
    if (isTicked(field)) {
      if (field.checked !== value) {
        field.click();
      }

      return;
    }

    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  function note(place, text, discard) {
    const box = document.createElement('p');
    box.className = 'draft-note';
    box.setAttribute('role', 'status');
    box.append(text);
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn-sm';
    button.dataset.local = '';
    button.textContent = 'Discard';
    button.addEventListener('click', () => {
      box.remove();
      discard();
    });
    box.append(button);
    place.prepend(box);
    place.addEventListener('submit', () => box.remove(), { once: true });
  }

  // What brings a field back to what it is now: for a radio button, the one that is on instead.
  function undoOf(field) {
    const other = field.type === 'radio' ? [...placeOf(field).querySelectorAll('[type=radio]:checked')].find(radio => radio.name === field.name) : null;
    const [changed, value] = [other ?? field, valueOf(other ?? field)];
    return () => changed.isConnected && enter(changed, value);
  }

  function restore(draft, place) {
    const undo = [];
    let first = null;
    const fill = () => {
      const fields = fieldsOf(place);
      let found = false;
      for (const [name, value] of Object.entries(draft.fields)) {
        const field = fields.get(name);
        if (takes(field, value)) {
          found = true;
          delete draft.fields[name];
          if (valueOf(field) !== value) {
            first ??= field;
            field.closest('details')?.setAttribute('open', '');
            undo.unshift(undoOf(field));
            enter(field, value);
          }
        }
      }

      return found;
    };
    if (!fill()) {
      return false;
    }

    // A choice may bring further fields, which the server draws first.
    const more = new MutationObserver(fill);
    more.observe(place, { attributes: true, attributeFilter: ['disabled'], childList: true, subtree: true });
    setTimeout(() => more.disconnect(), patience);
    if (first) {
      note(first.closest('form') ?? place, 'What you typed and chose before the server restarted is back.', () => {
        more.disconnect();
        undo.forEach(step => step());
        first.focus();
      });
    }

    return true;
  }

  // No dialog is open after the page has been reloaded, so the page says what to open.
  function announce(draft) {
    const page = document.querySelector('main > .page');
    if (page && !page.querySelector(':scope > .draft-note')) {
      note(page, `What you entered in “${draft.title}” was kept. Open it again to continue.`, () => write(read().filter(d => d.at !== draft.at)));
    }
  }

  let waiting = false;
  function look() {
    waiting = false;
    const who = person();
    if (!who) {
      return;
    }

    const drafts = read();
    const left = drafts.filter(draft => draft.person === who);
    for (const draft of left.filter(draft => draft.path === location.pathname)) {
      const dialog = document.querySelector('.rz-dialog');
      const place = draft.title ? dialog && titleOf(dialog) === draft.title && dialog : document.querySelector('main');
      if (place && restore(draft, place)) {
        left.splice(left.indexOf(draft), 1);
        document.querySelector('main > .page > .draft-note')?.remove();
      } else if (draft.title && !dialog) {
        announce(draft);
      }
    }

    if (left.length !== drafts.length) {
      write(left);
    }
  }

  if (sessionStorage.getItem(store)) {
    new MutationObserver(() => {
      if (!waiting) {
        waiting = true;
        setTimeout(look, 100);
      }
    }).observe(document.body, { childList: true, subtree: true });
  }

  const modal = document.getElementById('components-reconnect-modal');

  // What is entered shortly before the connection is lost, or while it is, stands only on the screen. The circuit takes events again once
  // it has answered; then it is told what every field says.
  if (modal) {
    new MutationObserver(() => {
      if (modal.matches('.components-reconnect-hide') && touched.size > 0) {
        DotNet.invokeMethodAsync('WebhookConsole', 'Answered').then(() => [...touched].filter(field => field.isConnected)
          .forEach(field => ['input', 'change'].forEach(type => field.dispatchEvent(new Event(type, { bubbles: true })))));
      }
    }).observe(modal, { attributes: true, attributeFilter: ['class'] });
  }

  addEventListener('pagehide', () => {
    if (modal?.matches('.components-reconnect-show, .components-reconnect-failed, .components-reconnect-rejected')) {
      keep();
    }
  });
  document.addEventListener('submit', event => {
    if (event.target.matches('form[action$="/logout"]')) {
      write([]);
    }
  }, true);
})();
