#!/usr/bin/env node
// Checks crawlcard proofs without crawlcard: node verify-proof.mjs FILE [--root BASE64] [--key PUBLICKEY]
// A line of JSON a proof: "good", "present", "complete", "leaves", "surt", or "message". Exit 0 when all
// hold, 1 when one does not, 2 for a wrong call. Node 18 alone. Format and steps: docs/formats/proof.md.
// "surt": "whole" when the question's SURT key was worked out from the URL; "host" when its host alone was.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
const need = (condition, message) => { if (!condition) throw new Error(message); };
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest();
const isHex = (text) => typeof text === 'string' && /^([0-9a-f]{2})*$/.test(text);
const hashOf = (text, bytes = Buffer.from(String(text), 'base64')) => (need(bytes.length === 32 && bytes.toString('base64') === text, 'something else than a hash'), bytes);
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
  const cut = note.lastIndexOf('\n\n'), signed = cut >= 0 && note.startsWith('\u2014 ', cut + 2), text = signed ? note.slice(0, cut + 1) : note;
  const [origin, size, root] = text.split('\n');
  need(origin && /^(0|[1-9][0-9]{0,15})$/.test(size), 'the note names no origin, size and root');
  need(origin === 'crawlcard/snapshot/' + sha256(text.slice(origin.length + 1)).toString('hex', 0, 16), 'an origin that is not the hash of the lines below it');
  return { text, origin, size: Number(size), root, rootBytes: hashOf(root), signatures: signed ? note.slice(cut + 2) : '' };
}

// C2SP signed-note with Ed25519.
function checkSignature(note, key) {
  const [, name, id, data] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(key.trim()) ?? [], bytes = Buffer.from(data ?? '', 'base64');
  need(name && bytes.length === 33 && bytes[0] === 1, 'no public key such as NAME+HEX+BASE64');
  need(sha256(name, '\n', bytes).subarray(0, 4).toString('hex') === id, 'a key with another id');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(1).toString('base64url') }, format: 'jwk' });
  const ours = note.signatures.split('\n').filter((line) => line.startsWith(`\u2014 ${name} `)).map((line) => line.slice(name.length + 3)).map((text) => [text, Buffer.from(text, 'base64')])
    .find(([text, bytes]) => bytes.length === 68 && bytes.toString('base64') === text && bytes.subarray(0, 4).toString('hex') === id);
  need(ours, 'the note has no signature of the key that was given');
  need(verify(null, Buffer.from(note.text), publicKey, ours[1].subarray(4)), 'a wrong signature');
}

// Addresses and letters beyond ASCII as browsers read them.
const hostOf = (text) => (/^([\w-]+\.)*[a-z_][\w-]*\.?$/i.test(text) ? text.toLowerCase() : new URL(`http://${text}`).hostname).replace(/^\[|\]$|\.$/g, '');
function split(url) {
  const [, word, name, port, path, query = ''] = /^([a-z][a-z0-9+.-]*):\/\/(?:(?<=^(?:https?|ftp|wss?):\/\/)\/+)?(?:[^/?#@]*@)?(\[[^\]/?#]*\]|[^:/?#@[\]\\]+)(?::([0-9]*))?(?=[/?#\\]|$)([^?#]*)(\?[^#]*)?/i.exec(url) ?? [];
  need(name, 'no URL whose host is known');
  const scheme = word.toLowerCase(), usual = { http: 80, https: 443, ws: 80, wss: 443, ftp: 21 }[scheme], given = port && Number(port) !== usual ? Number(port) : null;
  const [sent, asks] = [(usual ? path.replaceAll('\\', '/') : path).replace(/^(?!\/)/, '/'), query].map((text) => text.replace(/[^!-~]+/g, encodeURIComponent));
  return { scheme, name, port, given, path, query, sent, host: hostOf(name), all: [scheme, hostOf(name), given, sent + asks].join(' ') };
}

// docs/formats/surt.md, steps 5 to 7, for ASCII names and IPv6, without session ids and dots in the path; null for all others.
function surtOf(host, port, path, query) {
  const unescaped = (text) => { for (let last = null; last !== text;) text = (last = text).replace(/%[0-7][0-9a-f]/gi, (c) => String.fromCharCode(parseInt(c.slice(1), 16))); return text; };
  const escaped = (text) => text.replace(/%(?![89a-f][0-9a-f])|[^!-\x7f]|#/gi, (c) => '%' + c.charCodeAt(0).toString(16).padStart(2, '0')).replace(/[A-Z]/g, (c) => c.toLowerCase());
  if (!/^(\[[0-9a-f:]+\]|([a-z0-9_-]+\.)*[a-z_][a-z0-9+_-]*)$/i.test(host) || /[\x00-\x20\x7f]/.test(path + query) || /(^|\.)xn--/i.test(host)) return null;
  const keys = (one) => one.replace(/^([^=]*)=/, '$1\0\x01') + '\0';  // sorts by name, then value
  const segments = unescaped(Buffer.from(path).toString('latin1')).replace(/\/\/+/g, '/');
  const words = escaped(unescaped(Buffer.from(query.slice(1)).toString('latin1'))).split('&').sort((a, b) => keys(a) < keys(b) ? -1 : 1).join('&');
  if (/\/\.{1,2}(\/|$)|sess|sid|cfid|\/\(|\.aspx/i.test(segments + words)) return null;
  return host.toLowerCase().replace(/^(www[0-9]*\.)+|[[\]]/g, '').split('.').reverse().join(',') + port + ')' + (escaped(segments).replace(/\/$/, '') || '/') + (words && '?' + words);
}

const hex = (letter, bytes, last) => Buffer.concat([Buffer.from(letter), bytes, Buffer.from([last])]).toString('hex');
function rangesOf({ asked, kind, surt }) {
  const url = asked.includes('://') ? asked : `http://${asked}`, parts = split(url), { scheme, name, host, given } = parts;
  need((kind === 'host') === (!asked.includes('://') && parts.sent + parts.query === '/'), 'another kind of question');
  const known = /^(https?|ftp|mms|rtsp|wais)$/.test(scheme);  // SURT keys take the others for a host: gopher)/example.org/
  const port = !known || !parts.port || `${scheme}${Number(parts.port)}` in { http80: 0, https443: 0 } ? '' : `:${Number(parts.port)}`;
  const own = known ? surtOf(name, port, parts.path, parts.query) : surtOf(scheme, '', url.replace(/^[^:]*:|[?#].*/g, ''), parts.query);
  need(own === null || own === surt, 'the SURT key is not that of the URL');
  const end = surt.indexOf(')') - port.length, named = surt.slice(0, end).split(',').reverse().join('.');
  const plain = known ? hostOf(name.replaceAll('ß', 'ss').replaceAll('ς', 'σ')).replace(/^(www[0-9]*\.)+/, '') : scheme;  // IDNA is the transitional one there
  need(own || (end > 0 && surt.startsWith(port + ')', end) && hostOf(named.includes(':') ? `[${named}]` : named) === plain), 'the SURT key is not that of the URL or host');
  // Stored, separators of the host are bytes that sort low, but for the colons of an IPv6 address.
  const kept = host.includes(':') && surt.startsWith(host) ? host.length : 0, key = surt.slice(0, kept) + surt.slice(kept, end + port.length).replaceAll(',', '\x03').replaceAll(':', '\x02');
  const group = Buffer.from(key.split('\x02')[0]), whole = Buffer.from(`${key}\x01${surt.slice(end + port.length + 1)}`);
  const checked = own === null ? 'host' : 'whole', pages = [hex('p', whole, 0), hex('p', whole, 1)];
  if (kind === 'host') return { checked, ranges: [[hex('h', group, 0), hex('h', group, 1)], [hex('p', group, 0), hex('p', group, 3)]] };
  const file = 1 + FIXED.indexOf(parts.sent), number = given ?? { http: 80, https: 443 }[scheme] ?? 0;
  if (file === 0 || number > 65535) return { checked, ranges: [pages] };  // else a file with a fixed place: its origin's rows, too
  const origin = Buffer.concat([group, Buffer.from(`\0${scheme}\0${host}\0\0\0`), Buffer.from([number >> 8, number & 255])]);
  return { checked, ranges: [[hex('h', origin, file), hex('h', origin, file + 1)], pages] };
}

// JSON whose numbers are whole, and whose objects name no key twice: readers differ in which of two they take.
function parse(text, keys = -1) {
  const value = JSON.parse(text, function (key, each) { keys += Array.isArray(this) ? 0 : 1; return each; }), bare = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '');
  need(keys === bare.split(':').length - 1 && !/\d[.e]/i.test(bare), 'a key that stands twice, or a number that is not whole');
  return value;
}

function checkLeaf(leaf, note) {
  need(typeof leaf?.leaf === 'string' && Array.isArray(leaf.path), 'a leaf without text or path');
  need(rootFromPath(sha256(Buffer.from([0]), leaf.leaf), leaf.index, note.size, leaf.path.map((text) => hashOf(text))).equals(note.rootBytes), 'a leaf that does not lead to the root');
  const { key, previous, facts } = parse(leaf.leaf);
  need(isHex(key) && isHex(previous) && previous < key, 'a leaf that is not behind the one before it');
  need((previous === '') === (leaf.index === 0), 'a leaf that calls itself the first');
  return { index: leaf.index, key, previous, url: facts.url };
}
const sameUrl = (a, b) => a === b || split(a).all === split(b).all;

function checkProof(text, options) {
  const proof = parse(text);
  need(proof.schema === 'crawlcard.proof.v1' && ['url', 'host'].includes(proof.kind), 'no proof that this program reads');
  const note = readNote(proof.note), { checked, ranges: expected } = rangesOf(proof);
  need(!options.root || options.root === note.root, 'the root of the proof is not the one that was given');
  if (options.key) checkSignature(note, options.key);
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
      const before = leaf.key < lower, inside = !before && leaf.key < upper, isEnd = leaf.index + 1 === note.size;
      need(last || before || leaf.previous < lower, 'the first leaf of a range is not the first');
      need(!before || isEnd, 'a leaf before its range');
      if (inside && (proof.kind === 'host' || sameUrl(leaf.url, proof.asked))) ++leaves;
      [closed, last] = [!inside || isEnd, leaf];
    }
    need(range.complete === false || (range.complete === true && closed), 'a range that is called complete and is not');
    complete &&= closed;
  });
  need(note.size > 0 || sha256('').equals(note.rootBytes), 'no root of an empty tree');
  return { asked: proof.asked, present: leaves > 0, complete, leaves, surt: checked, root: note.root };
}

const [file, ...rest] = process.argv.slice(2), options = {};
while (rest.length > 1 && ['--root', '--key'].includes(rest[0])) options[rest.shift().slice(2)] = rest.shift();
if (!file || rest.length > 0) { console.error('usage: verify-proof.mjs FILE [--root BASE64] [--key PUBLICKEY]'); process.exit(2); }
const answers = readFileSync(file, 'latin1').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '').split('\n').map((line) => {
  try { return { good: true, ...checkProof(utf8.decode(Buffer.from(line, 'latin1')), options) }; } catch (error) { return { good: false, message: error.message }; }
});
console.log(answers.map((answer) => JSON.stringify(answer)).join('\n'));
process.exitCode = answers.every((answer) => answer.good) ? 0 : 1;
