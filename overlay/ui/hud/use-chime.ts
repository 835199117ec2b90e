/** Plays the chime at every ring after the first drawing; a machine without sound shows the marked line all the same. */
import { useEffect, useRef } from 'preact/hooks';
import { playChime } from './chime.ts';

export function useChime(rings: number, sound: boolean): void {
  const played = useRef(rings);
  useEffect(() => {
    if (rings === played.current) return;
    played.current = rings;
    if (sound) playChime().catch((error: unknown) => console.warn('No chime could be played.', error));
  }, [rings, sound]);
}
