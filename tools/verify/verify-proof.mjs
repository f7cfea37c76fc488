#!/usr/bin/env node
// verify-proof.mjs - checks crawlcard proofs without crawlcard: node verify-proof.mjs FILE
//   [--root BASE64] [--key PUBLICKEY]
// A line of JSON a proof: "good", "present", "complete", "leaves", "surt", or "message". Exit 0 when all
// hold, 1 when one does not, 2 for a wrong call. Node 18 alone. Format and steps: docs/formats/proof.md.
// "surt": "whole" when the question's SURT key was worked out from the URL; "host" when its host alone was.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
const need = (condition, message) => { if (!condition) throw new Error(message); };
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const isHex = (text) => typeof text === 'string' && /^([0-9a-f]{2})*$/.test(text);
const hashOf = (text, bytes = Buffer.from(String(text), 'base64')) => {
  need(bytes.length === 32 && bytes.toString('base64') === text, 'something else than a hash'); return bytes;
};
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const FIXED = ['/robots.txt', '/.well-known/tdmrep.json', '/ai.txt', '/.well-known/ai.txt', '/.well-known/ai.json', '/trust.txt', '/.well-known/trust.txt', '/llms.txt'];
const node = (left, right) => sha256(Buffer.from([1]), left, right);

// RFC 9162 section 2.1.3.2. Numbers of leaves stay below 2^53.
function rootFromPath(leaf, index, size, path) {
  need(Number.isSafeInteger(index) && index >= 0 && index < size, 'a leaf outside the tree');
  let at = BigInt(index), last = BigInt(size) - 1n, hash = leaf;
  for (const sibling of path) {
    need(last !== 0n, 'a path that is too long');
    const right = at & 1n || at === last;
    hash = right ? node(sibling, hash) : node(hash, sibling);
    while (right && !(at & 1n) && at !== 0n) { at >>= 1n; last >>= 1n; }
    at >>= 1n; last >>= 1n;
  }
  need(last === 0n, 'a path that is too short');
  return hash;
}

function readNote(note) {
  need(typeof note === 'string' && note.endsWith('\n'), 'no note');
  const cut = note.lastIndexOf('\n\n');
  const signed = cut >= 0 && note.startsWith('\u2014 ', cut + 2), text = signed ? note.slice(0, cut + 1) : note;
  const [origin, size, root] = text.split('\n');
  need(origin && /^(0|[1-9][0-9]{0,15})$/.test(size), 'the note names no origin, size and root');
  need(origin === 'crawlcard/snapshot/' + sha256(text.slice(origin.length + 1)).toString('hex', 0, 16), 'an origin that is not the hash of the lines below it');
  return { text, origin, size: Number(size), root, rootBytes: hashOf(root), signatures: signed ? note.slice(cut + 2) : '' };
}

// C2SP signed-note with Ed25519.
function checkSignature(note, key) {
  const [, name, id, data] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key.trim()) ?? [];
  const bytes = Buffer.from(data ?? '', 'base64');
  need(name && bytes.length === 33 && bytes[0] === 1, 'no public key such as NAME+HEX+BASE64');
  need(sha256(name, '\n', bytes).subarray(0, 4).toString('hex') === id, 'a key with another id');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }, format: 'jwk' });
  const ours = note.signatures.split('\n').filter((line) => line.startsWith(`\u2014 ${name} `))
    .map((line) => [line.slice(name.length + 3), Buffer.from(line.slice(name.length + 3), 'base64')])
    .find(([text, bytes]) => bytes.length === 68 && bytes.toString('base64') === text && bytes.subarray(0, 4).toString('hex') === id);
  need(ours, 'the note has no signature of the key that was given');
  need(verify(null, Buffer.from(note.text), publicKey, ours[1].subarray(4)), 'a wrong signature');
}

// How an index stores a SURT key: separators of the host part are bytes that sort low.
function stored(surt) {
  const end = surt.indexOf(')');
  need(end > 0, 'no SURT key');
  const host = Buffer.from(surt.slice(0, end).replaceAll(',', '\x03').replaceAll(':', '\x02'));
  return { group: Buffer.from(host.toString('latin1').replace(/\x02[0-9]+$/, ''), 'latin1'), whole: Buffer.concat([host, Buffer.from([1]), Buffer.from(surt.slice(end + 1))]) };
}

// docs/formats/surt.md, steps 4 to 7, for URLs without user, session ids, numbers or letters beyond ASCII in
// the host, and dots or empty parts in the path; null for all others.
function surtOf(url) {
  const unescaped = (text) => { for (let last = null; last !== text;) text = (last = text).replace(/%[0-7][0-9a-f]/gi, (c) => String.fromCharCode(parseInt(c.slice(1), 16))); return text; };
  const hex = (c) => '%' + c.charCodeAt(0).toString(16).padStart(2, '0');
  const escaped = (text) => text.replace(/%(?![89a-f][0-9a-f])|[^!-\x7f]|#/gi, hex).replace(/[A-Z]/g, (c) => c.toLowerCase());
  const [, scheme, name, port, path, query] = /^(https?):\/\/([a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z_-][a-z0-9_-]*)(?::([1-9][0-9]{0,4}))?(?=[/?#]|$)([^?#]*)(?:\?([^#]*))?/i.exec(Buffer.from(url).toString('latin1')) ?? [];
  if (!name || /[\x00-\x20\x7f]/.test(url) || /(^|\.)xn--/i.test(name)) return null;
  const keys = (one) => one.replace(/^([^=]*)=/, '$1\0\x01') + '\0';  // sorts by name, then value
  const segments = unescaped(path), words = query && escaped(unescaped(query)).split('&').sort((a, b) => keys(a) < keys(b) ? -1 : 1);
  const rest = words ? '?' + words.join('&') : '';
  if (/\/\/|\/\.{1,2}(\/|$)|sess|sid|cfid|\/\(|\.aspx/i.test(segments + rest) || query === '') return null;
  const usual = port === undefined || port === (scheme.toLowerCase() === 'http' ? '80' : '443');
  return name.toLowerCase().replace(/^(www[0-9]*\.)+/, '').split('.').reverse().join(',') + (usual ? '' : `:${port}`) + ')' + (escaped(segments).replace(/\/$/, '') || '/') + rest;
}

function rangesOf(proof) {
  const hex = (letter, bytes, last) => Buffer.concat([Buffer.from(letter), bytes, Buffer.from([last])]).toString('hex');
  const url = new URL(proof.kind === 'host' ? `http://${proof.asked}` : proof.asked), host = url.hostname.replace(/\.$/, '');
  need(/^(https?|ftp):$/.test(url.protocol), 'no URL whose host is known');
  const named = proof.surt.slice(0, proof.surt.indexOf(')')).replace(/:[0-9]+$/, '').split(',').reverse().join('.');
  need(host === named || host.replace(/^(www\d*\.)+/, '') === named || /[\[:]|^\d/.test(host), 'the SURT key is not that of the URL or host');
  const own = proof.kind === 'url' ? surtOf(proof.asked) : null;
  need(own === null || own === proof.surt, 'the SURT key is not that of the URL');
  proof.checked = own === null ? 'host' : 'whole';
  const { group, whole } = stored(proof.surt), pages = [hex('p', whole, 0), hex('p', whole, 1)];
  need(proof.kind === 'url' || proof.surt.endsWith(')/'), 'no SURT key of a host');
  if (proof.kind === 'host') return [[hex('h', group, 0), hex('h', group, 1)], [hex('p', group, 0), hex('p', group, 3)]];
  const kind = 1 + FIXED.indexOf(/^\w+:\/\/[^/?#]*([^?#]*)/.exec(proof.asked)?.[1]), port = Number(url.port || { 'http:': 80, 'https:': 443 }[url.protocol]);
  if (kind === 0) return [pages];  // else a file with a fixed place: its origin's rows of one kind, too
  const origin = Buffer.concat([group, Buffer.from(`\0${url.protocol.slice(0, -1)}\0${host}\0\0\0`), Buffer.from([port >> 8, port & 255])]);
  return [[hex('h', origin, kind), hex('h', origin, kind + 1)], pages];
}

function checkLeaf(leaf, note) {
  need(typeof leaf?.leaf === 'string' && Array.isArray(leaf.path), 'a leaf without text or path');
  const root = rootFromPath(sha256(Buffer.from([0]), leaf.leaf), leaf.index, note.size, leaf.path.map((text) => hashOf(text)));
  need(root.equals(note.rootBytes), 'a leaf that does not lead to the root');
  const { key, previous, facts } = JSON.parse(leaf.leaf);
  need(isHex(key) && isHex(previous) && previous < key, 'a leaf that is not behind the one before it');
  need((previous === '') === (leaf.index === 0), 'a leaf that calls itself the first');
  return { index: leaf.index, key, previous, url: facts.url };
}
const sameUrl = (a, b) => { const [x, y] = [new URL(a), new URL(b)]; x.hash = y.hash = ''; return a === b || x.href === y.href; };

function checkProof(text, options) {
  const proof = JSON.parse(text);
  need(proof.schema === 'crawlcard.proof.v1' && ['url', 'host'].includes(proof.kind), 'no proof that this program reads');
  const note = readNote(proof.note);
  need(!options.root || options.root === note.root, 'the root of the proof is not the one that was given');
  if (options.key) checkSignature(note, options.key);
  const expected = rangesOf(proof);
  need(proof.ranges.length === expected.length, 'not the ranges that belong to the question');
  let leaves = 0, complete = true;
  proof.ranges.forEach((range, i) => {
    const [lower, upper] = expected[i];
    need(range.lower === lower && range.upper === upper, 'a range is not that of the URL or host');
    let last = null, closed = note.size === 0;
    for (const entry of range.leaves) {
      need(!closed, 'leaves behind the end of a range');
      const leaf = checkLeaf(entry, note);
      need(!last || (leaf.index === last.index + 1 && leaf.previous === last.key), 'leaves that do not follow each other');
      const before = leaf.key < lower, isEnd = leaf.index + 1 === note.size;
      need(last || before || leaf.previous < lower, 'the first leaf of a range is not the first');
      need(!before || isEnd, 'a leaf before its range');
      const inside = !before && leaf.key < upper;
      if (inside && (proof.kind === 'host' || sameUrl(leaf.url, proof.asked))) ++leaves;
      [closed, last] = [!inside || isEnd, leaf];
    }
    need(range.complete === false || (range.complete === true && closed), 'a range that is called complete and is not');
    complete &&= closed;
  });
  need(note.size > 0 || sha256('').equals(note.rootBytes), 'no root of an empty tree');
  return { asked: proof.asked, present: leaves > 0, complete, leaves, surt: proof.checked, root: note.root };
}

const [file, ...rest] = process.argv.slice(2), options = {};
while (rest.length > 1 && ['--root', '--key'].includes(rest[0])) options[rest.shift().slice(2)] = rest.shift();
if (!file || rest.length > 0) { console.error('usage: verify-proof.mjs FILE [--root BASE64] [--key PUBLICKEY]'); process.exit(2); }
const answers = readFileSync(file, 'latin1').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '').split('\n').map((line) => {
  try { return { good: true, ...checkProof(utf8.decode(Buffer.from(line, 'latin1')), options) }; } catch (error) { return { good: false, message: error.message }; }
});
console.log(answers.map((answer) => JSON.stringify(answer)).join('\n'));
process.exitCode = answers.every((answer) => answer.good) ? 0 : 1;
