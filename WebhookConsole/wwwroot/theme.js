// Runs before the first paint, so that no page is drawn in the wrong theme. The choice is this browser's own and stays in it.
(() => {
  'use strict';

  const root = document.documentElement;
  const schemes = ['light', 'dark'];

  function read() {
    try {
      const theme = localStorage.getItem('theme');
      return schemes.includes(theme) ? theme : 'system';
    } catch {
      return 'system';
    }
  }

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
    try {
      localStorage.setItem('theme', wanted);
    } catch {
      // Without storage the choice lasts until the page is loaded again.
    }

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
    if (event.key === 'theme') {
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

  globalThis.consoleTheme = { choose };
})();
