// Keeps what somebody has typed when the server restarts and their page has to be reloaded. Text is kept in the tab only,
// for an hour, for the same person; never what could be a secret.
(() => {
  'use strict';

  const store = 'webhookconsole.drafts';
  const maxAge = 60 * 60 * 1000;
  const maxLength = 64 * 1024;
  const texts = 'textarea, input:not([type]), input:is([type=text], [type=url], [type=email], [type=tel], [type=number])';
  const secretWords = /secret|password|token|credential|\bkey\b|\bcode\b/i;

  const touched = new Set();

  const person = () => document.querySelector('.shell:not([data-waiting])')?.dataset.person;
  const placeOf = field => field.closest('.rz-dialog') ?? field.closest('main');
  const titleOf = place => place.querySelector(':scope > .rz-dialog-titlebar .rz-dialog-title')?.textContent.trim() ?? '';
  const labelOf = field => (field.labels?.[0]?.textContent ?? field.getAttribute('aria-label') ?? field.id).trim().replace(/\s+/g, ' ');

  const keeps = field => field.matches?.(texts) && !field.readOnly && placeOf(field) && !field.closest('[data-no-draft]')
    && !/password|one-time-code/.test(field.autocomplete) && !secretWords.test(`${labelOf(field)} ${field.id}`);

  // Several fields may have the same label: rows of a list.
  function fieldsOf(place) {
    const fields = new Map();
    for (const field of place.querySelectorAll(texts)) {
      if (keeps(field)) {
        const label = labelOf(field);
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
    if (keeps(event.target)) {
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
        if (touched.has(field) && field.value.length <= maxLength) {
          fields[name] = field.value;
        }
      }

      drafts.push({ person: who, path: location.pathname, title: titleOf(place), fields, at: Date.now() });
    }

    touched.clear();
    write(drafts);
  }

  function type(field, value) {
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

  function restore(draft, place) {
    const fields = fieldsOf(place);
    const before = Object.keys(draft.fields).filter(name => fields.has(name)).map(name => [fields.get(name), fields.get(name).value]);
    if (before.length === 0) {
      return false;
    }

    for (const [name, value] of Object.entries(draft.fields)) {
      if (fields.has(name)) {
        type(fields.get(name), value);
      }
    }

    note(before[0][0].closest('form') ?? place, 'What you typed before the server restarted is back. Check the other choices.', () => {
      before.forEach(([field, value]) => field.isConnected && type(field, value));
      before[0][0].focus();
    });
    return true;
  }

  // No dialog is open after the page has been reloaded, so the page says what to open.
  function announce(draft) {
    const page = document.querySelector('main > .page');
    if (page && !page.querySelector(':scope > .draft-note')) {
      note(page, `What you typed in “${draft.title}” was kept. Open it again to continue.`, () => write(read().filter(d => d.at !== draft.at)));
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
