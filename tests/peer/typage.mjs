// typage: seal or unseal a file with the npm package age-encryption.
//
//   node typage.mjs seal|unseal PASSPHRASE IN OUT
//   node typage.mjs armor|dearmor - IN OUT
//
// The package is found below the folder named by SLUICE_PEERS.
import { webcrypto } from "node:crypto";
import { createReadStream, createWriteStream, readFileSync,
	writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";

// Node 18 has it, but not under this name.
globalThis.crypto ??= webcrypto;

const [verb, passphrase, from, to] = process.argv.slice(2);
const home = resolve(process.env.SLUICE_PEERS ?? "build/peers");
const { Encrypter, Decrypter, armor } = await import(
	pathToFileURL(`${home}/node_modules/age-encryption/dist/index.js`)
);

if (verb === "armor" || verb === "dearmor") {
	const file = readFileSync(from);
	writeFileSync(to, verb === "armor" ? armor.encode(file)
		: armor.decode(file.toString("latin1")));
	process.exit(0);
}
const input = Readable.toWeb(createReadStream(from));
let output;
if (verb === "seal") {
	const e = new Encrypter();
	if (passphrase.startsWith("age1")) {
		for (const key of passphrase.split(",")) e.addRecipient(key);
	} else {
		e.setPassphrase(passphrase);
		e.setScryptWorkFactor(12);
	}
	output = await e.encrypt(input);
} else {
	const d = new Decrypter();
	if (passphrase.startsWith("AGE-SECRET-KEY-1")) {
		for (const key of passphrase.split(",")) d.addIdentity(key);
	} else {
		d.addPassphrase(passphrase);
	}
	output = await d.decrypt(input);
}
await pipeline(Readable.fromWeb(output), createWriteStream(to));
