/** Ollama's answer to /api/ps as samples: it has no page of figures. */

/** One line per loaded model; undefined where the answer is something else. */
export function ollamaPage(body: Uint8Array): Uint8Array | undefined {
  let said: unknown;
  try {
    said = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  const models = (said as { models?: unknown } | null)?.models;
  if (!Array.isArray(models)) return undefined;
  const lines = models.map(line).filter((text) => text !== undefined);
  return new TextEncoder().encode(lines.join(''));
}

function line(model: unknown): string | undefined {
  const { name, size_vram: bytes } = (model ?? {}) as { name?: unknown; size_vram?: unknown };
  if (typeof name !== 'string' || typeof bytes !== 'number') return undefined;
  const label = name.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
  return `ollama_model_size_vram_bytes{model="${label}"} ${bytes}\n`;
}
