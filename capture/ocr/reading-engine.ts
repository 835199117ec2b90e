/**
 * Which engine reads: the arbiter of chat recogniser and Tesseract where the recogniser's model is sound, Tesseract alone
 * where it is not, and it is said why. Either of the two can be asked for by itself, to compare them.
 */
import { Arbiter } from './arbiter.ts';
import { createChatLineEngine } from './chat-line.ts';
import type { EngineError, OcrEngine, Result } from './engine.ts';
import { isInstalled } from './language-data.ts';
import { OnDemandEngine } from './on-demand.ts';
import { createTesseractEngine } from './tesseract.ts';

export const engineChoices = ['tesseract', 'chat-line', 'arbiter'] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface ReadingEngineOptions {
  readonly choice: EngineChoice;
  /** Where `chat-line.onnx` and `chat-line.json` are. */
  readonly modelFolder: string;
  /** Tesseract's names of the chat's languages, the most likely first, 1 to 8. */
  readonly languages: readonly string[];
}

export interface ReadingEngine {
  readonly engine: OcrEngine;
  /** Why Tesseract reads alone though the arbiter was asked for; null where it is as asked. */
  readonly fallback: EngineError | null;
}

/** Languages, by Tesseract's names, that are written in the letters which the recogniser learnt. */
const LATIN_LANGUAGES: ReadonlySet<string> = new Set(
  'afr cat ces dan deu eng est eus fin fra gle glg hrv hun isl ita lat lav lit nld nor pol por ron slk slv spa swe'.split(
    ' ',
  ),
);

/** Resolves as soon as something can be read: the arbiter does not wait for Tesseract. */
export async function startReadingEngine(options: ReadingEngineOptions): Promise<Result<ReadingEngine, EngineError>> {
  const { choice, languages, modelFolder } = options;
  if (choice === 'chat-line') return alone(await createChatLineEngine(modelFolder));
  const startTesseract = (): Promise<Result<OcrEngine, EngineError>> => createTesseractEngine({ languages });
  if (choice === 'tesseract') return alone(await startTesseract());
  const chatLine = await createChatLineEngine(modelFolder);
  if (!chatLine.ok) {
    const started = await startTesseract();
    return started.ok ? { ok: true, value: { engine: started.value, fallback: chatLine.error } } : started;
  }
  // Languages that nothing is known of are not guessed at: what Tesseract says of them is said.
  if (!languages.every((language) => isInstalled(language))) {
    const started = await startTesseract();
    if (!started.ok) return started;
    await started.value.close();
  }
  const isForeign = languages.some((language) => !LATIN_LANGUAGES.has(language));
  const tesseract = new OnDemandEngine('tesseract.js, on demand', startTesseract);
  return alone({ ok: true, value: new Arbiter(chatLine.value, tesseract, isForeign) });
}

function alone(started: Result<OcrEngine, EngineError>): Result<ReadingEngine, EngineError> {
  return started.ok ? { ok: true, value: { engine: started.value, fallback: null } } : started;
}
