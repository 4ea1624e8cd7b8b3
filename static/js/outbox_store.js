// What waits for the network, in the browser's own database. Every item is encrypted before it is written; the key
// comes with each page of a living session and is never stored, so what lies here cannot be read without signing in.
(function () {
  "use strict";

  const NAME = "ban-giao";
  const STORE = "waiting";

  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  function answer(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  // One connection for one deed: an open one would keep signing out from deleting the database.
  async function withStore(mode, deed) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
    const database = await answer(opening);
    try {
      const change = database.transaction(STORE, mode);
      const done = new Promise((resolve, reject) => {
        change.oncomplete = resolve;
        change.onabort = () => reject(change.error);
      });
      const result = await answer(deed(change.objectStore(STORE)));
      await done;
      return result;
    } finally {
      database.close();
    }
  }

  class OutboxStore {
    constructor(key, owner) {
      this.key = key;
      this.owner = owner;
    }

    static async open(key, owner) {
      const usable = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
      return new OutboxStore(usable, owner);
    }

    // The items of this person in the order they were saved, and how many of other people lie here unreadable.
    async all() {
      const found = { items: [], others: 0 };
      for (const row of await withStore("readonly", (store) => store.getAll())) {
        if (row.owner !== this.owner) found.others += 1;
        else found.items.push({ ...(await this.read(row)), id: row.id });
      }
      return found;
    }

    async read(row) {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, this.key, row.data);
      return JSON.parse(new TextDecoder().decode(plain));
    }

    // Write an item; a new one gets its number, by which the order is kept.
    async put(item) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const { path, name, fields, at, state, reason } = item;
      const text = JSON.stringify({ path, name, fields, at, state, reason });
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, new TextEncoder().encode(text));
      const row = item.id ? { id: item.id, owner: this.owner, iv, data } : { owner: this.owner, iv, data };
      item.id = await withStore("readwrite", (store) => store.put(row));
    }

    async holds(id) {
      return (await withStore("readonly", (store) => store.count(id))) > 0;
    }

    async drop(id) {
      await withStore("readwrite", (store) => store.delete(id));
    }

    static async wipe() {
      await answer(indexedDB.deleteDatabase(NAME));
    }
  }

  window.OutboxStore = OutboxStore;
})();
