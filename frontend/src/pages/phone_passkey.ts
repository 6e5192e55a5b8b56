/* The passkey of a patient's own page: the phone makes one, or shows it. Without passkeys the page offers the PIN alone. */

interface Asked {
  publicKey: { challenge: string; user?: { id: string }; excludeCredentials?: Named[]; allowCredentials?: Named[] };
}
interface Named {
  id: string;
}

const form = document.querySelector<HTMLFormElement>("form[data-passkey]");
if (form) prepare(form);

function prepare(form: HTMLFormElement): void {
  const choice = document.querySelector<HTMLElement>("[data-passkey-choice]");
  const absent = document.querySelector<HTMLElement>("[data-passkey-absent]");
  if (!("PublicKeyCredential" in window) || !isSecureContext) {
    form.hidden = true;
    if (absent) absent.hidden = false;
    return;
  }
  if (choice) choice.hidden = false;
  const sent = form.querySelector<HTMLInputElement>("input[name=passkey]");
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (failed) failed.hidden = true;
    answered(JSON.parse(form.dataset.passkey || "{}") as Asked)
      .then((answer) => {
        if (sent) sent.value = JSON.stringify(answer);
        form.submit();
      })
      .catch(() => {
        if (failed) failed.hidden = false;
      });
  });
}

async function answered({ publicKey }: Asked): Promise<object> {
  const named = (each: Named): object => ({ ...each, id: bytes(each.id) });
  const asked = {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    excludeCredentials: (publicKey.excludeCredentials || []).map(named),
    allowCredentials: (publicKey.allowCredentials || []).map(named),
  };
  if (publicKey.user) {
    const made = { ...asked, user: { ...publicKey.user, id: bytes(publicKey.user.id) } } as unknown as PublicKeyCredentialCreationOptions;
    return told((await navigator.credentials.create({ publicKey: made })) as PublicKeyCredential);
  }
  return told((await navigator.credentials.get({ publicKey: asked as unknown as PublicKeyCredentialRequestOptions })) as PublicKeyCredential);
}

/* What the phone answers, in the form that the standard gives it in JSON. */
function told(credential: PublicKeyCredential): object {
  const { clientDataJSON } = credential.response;
  const { attestationObject } = credential.response as AuthenticatorAttestationResponse;
  const { authenticatorData, signature } = credential.response as AuthenticatorAssertionResponse;
  const response = attestationObject
    ? { attestationObject: text(attestationObject) }
    : { authenticatorData: text(authenticatorData), signature: text(signature) };
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: { clientDataJSON: text(clientDataJSON), ...response }, clientExtensionResults: {} };
}

function bytes(told: string): Uint8Array {
  const plain = atob(told.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (each) => each.charCodeAt(0));
}

function text(what: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(what), (each) => String.fromCharCode(each)).join("");
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
