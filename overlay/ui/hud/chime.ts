/** The sound of an alert: two short notes, made on the spot, quiet enough for a game beneath them. */

const notesHz = [880, 1174.66] as const;
const noteS = 0.12;
const loudest = 0.16;

let context: AudioContext | null = null;

/** Rejects where the machine has no sound. */
export async function playChime(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  const begin = context.currentTime + 0.01;
  for (const [index, hz] of notesHz.entries()) {
    const from = begin + index * noteS;
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0, from);
    volume.gain.linearRampToValueAtTime(loudest, from + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.001, from + 2 * noteS);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + 2 * noteS);
  }
}
