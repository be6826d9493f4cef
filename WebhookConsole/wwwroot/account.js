// Passkeys and downloads of the account and sign-in pages. Nothing is inline: the Content-Security-Policy allows 'self' only.
(() => {
  'use strict';

  // ---- passkeys ------------------------------------------------------------------------------------------------

  // Plain http and browsers from before 2025 do not have it. A passkey belongs to a host name:
  // at an IP address browsers refuse it too.
  const named = !/^[\d.]+$|:/.test(location.hostname);
  const supported = named && isSecureContext && typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function';
  if (supported) {
    document.querySelectorAll('[data-passkeys]').forEach(element => { element.hidden = false; });
    document.querySelectorAll('[data-no-passkeys]').forEach(element => { element.hidden = true; });
  }

  // Some password managers answer with an object without toJSON, so the fields are written out here.
  const text = buffer => buffer
    ? btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    : undefined;

  function toJson(credential) {
    const answer = credential.response;
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
      clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
      response: {
        clientDataJSON: text(answer.clientDataJSON),
        attestationObject: text(answer.attestationObject),
        transports: answer.getTransports?.(),
        authenticatorData: text(answer.authenticatorData ?? answer.getAuthenticatorData?.()),
        signature: text(answer.signature),
        userHandle: text(answer.userHandle),
      },
    });
  }

  function sentence(error) {
    switch (error.name) {
      case 'NotAllowedError':
      case 'AbortError':
        return 'The browser got no passkey: the request was cancelled, or it took too long. Try again.';
      case 'InvalidStateError':
        return 'This device has a passkey for your account already.';
      case 'SecurityError':
        return 'The browser allows no passkeys at this address. Open the console over https, at its name.';
      default:
        return error.message || 'The passkey did not work. Try again.';
    }
  }

  async function ask(form) {
    const answer = await fetch(form.dataset.options, { method: 'POST', body: new FormData(form), redirect: 'error' });
    if (!answer.ok) {
      const problem = await answer.text();
      throw new Error(answer.headers.get('Content-Type')?.includes('json') ? JSON.parse(problem) : problem);
    }

    const options = await answer.json();
    return form.dataset.passkeyForm === 'create'
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  }

  document.addEventListener('submit', async event => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.passkeyForm) {
      return;
    }

    event.preventDefault();
    event.stopImmediatePropagation();
    const button = form.querySelector('[type=submit]');
    const error = form.querySelector('[data-passkey-error]');
    error.hidden = true;
    button.disabled = true;
    try {
      form.querySelector('[name$=Credential]').value = toJson(await ask(form));

      // The password was for the request; the answer is posted without it.
      const password = form.querySelector('[type=password]');
      if (password) {
        password.value = '';
      }

      form.submit();
    } catch (problem) {
      error.textContent = sentence(problem);
      error.hidden = false;
      button.disabled = false;
      button.focus();
    }
  }, true);

  // ---- downloads -----------------------------------------------------------------------------------------------

  document.addEventListener('click', event => {
    const button = event.target instanceof Element ? event.target.closest('[data-download]') : null;
    if (button) {
      consoleUi.download(button.dataset.download, 'text/plain', document.getElementById(button.dataset.downloadFrom).textContent);
    }
  });
})();
