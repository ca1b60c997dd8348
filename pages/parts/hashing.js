// A worker: the SHA-256 of a file, read in slices, so that neither the page nor memory feels it.
// (`hashwasm` stands before this. The browser's own crypto.subtle wants the file in one piece.)
const SLICE = 4 * 1024 * 1024;
onmessage = async ({ data: file }) => {
  try {
    const hash = await hashwasm.createSHA256();
    hash.init();
    const read = (start) => file.slice(start, start + SLICE).arrayBuffer();
    let next = read(0);
    for (let start = 0; start < file.size; start += SLICE) {
      const bytes = await next;
      next = start + SLICE < file.size ? read(start + SLICE) : null; // while this one is hashed
      hash.update(new Uint8Array(bytes));
      postMessage({ read: Math.min(start + SLICE, file.size) });
    }
    postMessage({ sha256: hash.digest() });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
