// The cryptosuites by name, each as the library wants it made for signing, deriving and verifying.
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {Ed25519Signature2020} from '@digitalbazaar/ed25519-signature-2020';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaRdfc from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as eddsaRdfc from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const whole = {'ecdsa-rdfc-2019': ecdsaRdfc.cryptosuite, 'eddsa-rdfc-2022': eddsaRdfc.cryptosuite};
const halves = {'ecdsa-jcs-2019': ecdsaJcs, 'eddsa-jcs-2022': eddsaJcs, 'ecdsa-sd-2023': ecdsaSd};

/** The suite that signs; `mandatoryPointers` matter to ecdsa-sd-2023 alone. */
export function signing({suite, signer, date, mandatoryPointers}) {
  if(suite === 'Ed25519Signature2020') {
    return new Ed25519Signature2020({signer, date});
  }
  const cryptosuite = whole[suite] ?? halves[suite].createSignCryptosuite({mandatoryPointers});
  return new DataIntegrityProof({signer, date, cryptosuite});
}

/** The suite that verifies. */
export function verifying(suite) {
  if(suite === 'Ed25519Signature2020') {
    return new Ed25519Signature2020();
  }
  return new DataIntegrityProof({cryptosuite: whole[suite] ?? halves[suite].createVerifyCryptosuite()});
}

/** The suite with which a holder discloses a part. */
export function disclosing(selectivePointers) {
  return new DataIntegrityProof({cryptosuite: ecdsaSd.createDiscloseCryptosuite({selectivePointers})});
}

/** The signer of a did:key. */
export async function signerOf({publicKeyMultibase, secretKeyMultibase}) {
  const library = publicKeyMultibase.startsWith('z6Mk') ? Ed25519Multikey : EcdsaMultikey;
  const controller = `did:key:${publicKeyMultibase}`;
  const key = await library.from({
    '@context': 'https://w3id.org/security/multikey/v1', id: `${controller}#${publicKeyMultibase}`, type: 'Multikey',
    controller, publicKeyMultibase, secretKeyMultibase
  });
  return key.signer();
}
