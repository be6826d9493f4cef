// What somebody sees between a click and the server's answer: the control keeps its pressed look, and a line runs along the top. Nothing
// here waits for the connection.
(() => {
  'use strict';

  // Faster answers need no line; slower ones get it within the 150 ms of specification §11.
  const showAfter = 80;
  const giveUpAfter = 20000;

  const line = document.getElementById('progress');
  const pending = new Map();

  const shell = () => document.querySelector('.shell');
  const connected = () => shell()?.matches(':not([data-waiting])') ?? false;

  function begin(control) {
    end(control);
    control.dataset.pending = '';
    pending.set(control, {
      show: setTimeout(() => line.classList.add('on'), showAfter),
      giveUp: setTimeout(() => end(control), giveUpAfter),
    });
  }

  function end(control) {
    const timers = pending.get(control);
    if (timers) {
      clearTimeout(timers.show);
      clearTimeout(timers.giveUp);
      pending.delete(control);
    }

    delete control.dataset.pending;
    if (pending.size === 0) {
      line.classList.remove('on');
    }
  }

  const endAll = () => [...pending.keys()].forEach(end);

  // The server takes the messages of a page in their order: when it has answered this one, it has drawn what the click before it caused.
  function endWhenAnswered(control) {
    setTimeout(() => {
      const timers = pending.get(control);
      DotNet.invokeMethodAsync('WebhookConsole', 'Answered').catch(() => {}).then(() => {
        if (pending.get(control) === timers) {
          end(control);
        }
      });
    });
  }

  function leadsToServer(link, event) {
    const here = link.origin === location.origin && link.pathname === location.pathname && link.search === location.search;
    return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
      && link.origin === location.origin && !link.hasAttribute('download') && (!link.target || link.target === '_self') && !(here && link.hash);
  }

  // Menus open, and texts are copied, in the browser alone.
  const asksServer = button => !button.matches('[popovertarget], .copy, [data-local], [aria-disabled=true], [data-download]') && button.type !== 'submit';

  addEventListener('click', event => {
    const control = event.target instanceof Element ? event.target.closest('a[href], button') : null;
    if (control instanceof HTMLAnchorElement) {
      if (leadsToServer(control, event)) {
        begin(control);
        if (connected()) {
          endWhenAnswered(control);
        }
      }
    } else if (control && connected()) {
      if (control.dataset.pending !== undefined) {
        // The first press is on its way.
        event.preventDefault();
        event.stopImmediatePropagation();
      } else if (asksServer(control)) {
        begin(control);
        endWhenAnswered(control);
      }
    }
  }, true);

  addEventListener('change', event => {
    if (connected() && event.target instanceof Element && event.target.matches('select, input[type=checkbox], input[type=radio]')) {
      const control = event.target.closest('label') ?? event.target;
      begin(control);
      endWhenAnswered(control);
    }
  }, true);

  // A form is either sent by the browser, which then loads a page, or taken by the circuit.
  addEventListener('submit', event => {
    const control = event.submitter ?? event.target;
    begin(control);
    setTimeout(() => {
      if (connected()) {
        endWhenAnswered(control);
      } else if (event.defaultPrevented) {
        end(control);
      }
    });
  }, true);

  addEventListener('pageshow', endAll);
  document.addEventListener('DOMContentLoaded', () => globalThis.Blazor?.addEventListener?.('enhancedload', endAll));

  const modal = document.getElementById('components-reconnect-modal');
  if (modal) {
    new MutationObserver(endAll).observe(modal, { attributes: true, attributeFilter: ['class'] });
  }
})();
