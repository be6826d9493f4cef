// Runs before the first paint, so that no page is drawn in the wrong theme. Other scripts keep their choices through it.
(() => {
  'use strict';

  // Choices of the screen stay in this browser. Where it refuses storage (a private window), they last as long as the page.
  const unstored = new Map();

  function recall(name) {
    try {
      return unstored.get(name) ?? localStorage.getItem(`console.${name}`);
    } catch {
      return null;
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(`console.${name}`, value);
    } catch {
      unstored.set(name, String(value));
    }
  }

  const root = document.documentElement;
  const read = () => ['light', 'dark'].find(scheme => scheme === recall('theme')) ?? 'system';
  let theme = read();

  function apply() {
    if (theme === 'system') {
      delete root.dataset.theme;
    } else if (root.dataset.theme !== theme) {
      root.dataset.theme = theme;
    }

    document.querySelectorAll('[data-set-theme]').forEach(choice => {
      choice.setAttribute(choice.role === 'menuitemradio' ? 'aria-checked' : 'aria-pressed', String(choice.dataset.setTheme === theme));
    });
  }

  function choose(wanted) {
    theme = wanted;
    remember('theme', wanted);
    apply();
  }

  apply();
  document.addEventListener('DOMContentLoaded', apply);
  // A menu is drawn long after this script ran.
  document.addEventListener('toggle', apply, true);
  document.addEventListener('click', event => {
    const choice = event.target instanceof Element ? event.target.closest('[data-set-theme]') : null;
    if (choice) {
      choose(choice.dataset.setTheme);
    }
  });
  addEventListener('storage', event => {
    if (event.key === 'console.theme') {
      theme = read();
      apply();
    }
  });
  // Going from one sign-in page to the next takes over the attributes of the new document, which has no theme.
  new MutationObserver(() => {
    if ((root.dataset.theme ?? 'system') !== theme) {
      apply();
    }
  }).observe(root, { attributes: true, attributeFilter: ['data-theme'] });

  // The names of scripts and style sheets carry the hash of their bytes. When one is gone, the server was upgraded after it had sent this
  // page: load it again, at most once a minute.
  addEventListener('error', event => {
    const file = event.target instanceof HTMLScriptElement ? event.target.src : event.target instanceof HTMLLinkElement ? event.target.href : '';
    if (!file.startsWith(location.origin)) {
      return;
    }

    try {
      if (!(Date.now() - sessionStorage.getItem('console.reloaded') < 60_000)) {
        sessionStorage.setItem('console.reloaded', Date.now());
        location.reload();
      }
    } catch {
      // Without storage a loop could not be noticed.
    }
  }, true);

  globalThis.consoleTheme = { choose };
  globalThis.consoleChoices = { recall, remember };
})();
