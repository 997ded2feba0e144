/** Finds the ends of HTTP/1.1 responses in a stream of bytes, and does no more than that takes. */

const LINE_FEED = 10;

/** What comes next. A chunk goes with the line end behind it. */
type Part = 'status' | 'header' | 'body' | 'chunk size' | 'chunk' | 'trailer';

export class ResponseReader {
  /** Bytes of all bodies so far, as they came over the wire but without the framing of chunks. */
  bodyBytes = 0;
  #part: Part = 'status';
  /** Bytes of a body or chunk that are still to come. */
  #left = 0;
  #line = '';
  #length = 0;
  #chunked = false;

  /** Takes in what came; answers how many responses ended in it. Throws where one is not a 200. */
  push(data: Uint8Array): number {
    let ended = 0;
    let at = 0;
    while (at < data.length) {
      if (this.#left > 0) {
        const n = Math.min(this.#left, data.length - at);
        this.#left -= n;
        at += n;
        if (this.#left === 0 && this.#bytesEnded()) ended++;
        continue;
      }
      const end = data.indexOf(LINE_FEED, at);
      this.#line += latin1(data, at, end < 0 ? data.length : end);
      if (end < 0) break;
      at = end + 1;
      const line = this.#line.trimEnd();
      this.#line = '';
      if (this.#lineEnded(line)) ended++;
    }
    return ended;
  }

  /** A line, without its end; true where it is the last of a response. */
  #lineEnded(line: string): boolean {
    switch (this.#part) {
      case 'status':
        if (!line.startsWith('HTTP/1.1 200')) throw new Error(`answered with ${line}`);
        this.#length = 0;
        this.#chunked = false;
        return this.#expect('header');
      case 'header':
        return line === '' ? this.#headEnded() : this.#header(line);
      case 'chunk size': {
        const size = Number.parseInt(line, 16);
        this.bodyBytes += size;
        return size === 0 ? this.#expect('trailer') : this.#expect('chunk', size + '\r\n'.length);
      }
      default:
        return line === '' ? this.#ended() : false;
    }
  }

  #header(line: string): false {
    if (/^content-length:/i.test(line)) this.#length = Number(line.slice('content-length:'.length));
    else if (/^transfer-encoding: *chunked/i.test(line)) this.#chunked = true;
    return false;
  }

  #headEnded(): boolean {
    if (this.#chunked) return this.#expect('chunk size');
    if (this.#length === 0) return this.#ended();
    this.bodyBytes += this.#length;
    return this.#expect('body', this.#length);
  }

  /** True where a response ends with the bytes that were just read. */
  #bytesEnded(): boolean {
    return this.#part === 'body' ? this.#ended() : this.#expect('chunk size');
  }

  #ended(): true {
    this.#part = 'status';
    return true;
  }

  #expect(part: Part, bytes = 0): false {
    this.#part = part;
    this.#left = bytes;
    return false;
  }
}

const latin1 = (data: Uint8Array, from: number, to: number): string =>
  Buffer.from(data.buffer, data.byteOffset + from, to - from).toString('latin1');
