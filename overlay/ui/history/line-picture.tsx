/**
 * The picture of a line's pixels, fetched when it is wanted.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useScreen } from '../screen/screen-context.ts';

export function LinePicture({ id, has }: { readonly id: string; readonly has: boolean }): VNode {
  const { send } = useScreen();
  const [picture, setPicture] = useState<{ readonly id: string; readonly url: string | null } | null>(null);
  useEffect(() => {
    let wanted = true;
    const load = async (): Promise<void> => {
      const answer = await send('log.picture', { id });
      if (wanted && answer.ok) setPicture({ id, url: answer.value });
    };
    if (has) void load();
    return () => {
      wanted = false;
    };
  }, [id, has, send]);
  if (!has || (picture?.id === id && picture.url === null))
    return <p class="picture-none">No picture was kept of this line.</p>;
  if (picture?.id !== id || picture.url === null) return <p class="picture-none">Fetching the picture…</p>;
  return <img class="line-picture" src={picture.url} alt="The line as the game drew it" />;
}
