// Certificates for tests, made on the spot: Node can read X.509 but not write it, so the few DER forms needed are written here.

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface TestAuthority {
  /** PEM, to be trusted. */
  readonly cert: string;
  /** Its own certificate as a server would use it. */
  readonly selfSigned: TestCertificate;
  /** A server certificate for 127.0.0.1 and `localhost` unless told otherwise; valid for an hour around now unless `expired`. */
  issue(options?: { readonly host?: string; readonly expired?: boolean }): TestCertificate;
}

const HOUR_MS = 3_600_000;

export function createTestAuthority(): TestAuthority {
  const name = "image-gen test authority";
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name, key: keys.privateKey };
  const now = Date.now();
  const cert = certificate({
    issuer,
    subject: name,
    publicKey: keys.publicKey,
    from: now - HOUR_MS,
    to: now + HOUR_MS,
    extensions: [extension("551d13", sequence(boolean()), true)],
  });
  return {
    cert,
    selfSigned: { key: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), cert },
    issue(options = {}) {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = options.host === undefined ? [localhostAddress, dnsName("localhost")] : [dnsName(options.host)];
      return {
        key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        cert: certificate({
          issuer,
          subject: options.host ?? "localhost",
          publicKey: own.publicKey,
          from: now - 2 * HOUR_MS,
          to: options.expired === true ? now - HOUR_MS : now + HOUR_MS,
          extensions: [extension("551d11", sequence(...names), false)],
        }),
      };
    },
  };
}

interface Contents {
  readonly issuer: { readonly name: string; readonly key: KeyObject };
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly from: number;
  readonly to: number;
  readonly extensions: readonly Buffer[];
}

// RFC 5280 §4.1. The algorithm is ecdsa-with-SHA256.
function certificate(contents: Contents): string {
  const algorithm = sequence(objectId("2a8648ce3d040302"));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(contents.issuer.name),
    sequence(time(contents.from), time(contents.to)),
    commonName(contents.subject),
    contents.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...contents.extensions)),
  );
  const signature = sign("sha256", toBeSigned, contents.issuer.key);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  // No line break after a last line that is full: OpenSSL takes the empty line that would follow for damage.
  const lines = whole.toString("base64").replace(/(.{64})(?=.)/g, "$1\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  const size = contents.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), contents]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const boolean = (): Buffer => der(0x01, Buffer.from([0xff]));
const dnsName = (host: string): Buffer => der(0x82, Buffer.from(host));
const localhostAddress = der(0x87, Buffer.from([127, 0, 0, 1]));

function commonName(text: string): Buffer {
  return sequence(der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from(text)))));
}

function time(ms: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(ms).toISOString().slice(0, 19).replace(/[-T:]/g, "")}Z`));
}

function extension(oid: string, value: Buffer, critical: boolean): Buffer {
  return sequence(objectId(oid), ...(critical ? [boolean()] : []), der(0x04, value));
}
