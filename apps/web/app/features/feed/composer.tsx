import { PHOTOS_MAX, POST_TEXT_MAX, type PostEvent, type PostView } from '@liventix/contracts/feed';
import { IconPhotoPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { useRoot } from '~/platform/root-data.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { Button } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './composer.module.css';
import type { PutPost } from './post-list.tsx';
import { PhotoError, sendPhoto } from './send-photo.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;
/** From here on the room left is said. */
const TELL_AT = 200;

interface Photo {
  key: string;
  preview: string;
  /** 0 to 1 while it is on its way. */
  share: number;
  url: string | null;
  cancel: AbortController;
}

export interface ComposerProps {
  event: PostEvent;
  /** In whose name she may post beside her own. */
  host: { id: string; name: string } | null;
  put: PutPost;
}

/** Words and up to four photos. The post is shown at once; what was not taken comes back here, word for word. */
export function Composer({ event, host, put }: ComposerProps) {
  const { t, i18n } = useFeedWords();
  const { actor } = useRoot();
  const [text, setText] = useState('');
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const [asHost, setAsHost] = useState(host !== null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const files = useRef<HTMLInputElement>(null);
  /** The same words keep their id until they have arrived, so that a resend is one post. */
  const clientId = useRef<string | null>(null);
  const kept = useRef(photos);
  kept.current = photos;
  useEffect(
    () => () => {
      for (const photo of kept.current) {
        photo.cancel.abort();
        URL.revokeObjectURL(photo.preview);
      }
    },
    [],
  );
  if (!actor) return null;

  const as = asHost && host ? host : { id: actor.userId, name: actor.name };
  const left = POST_TEXT_MAX - [...text].length;
  const waiting = photos.some((photo) => photo.url === null);
  const nothing = text.trim() === '' && photos.length === 0;
  const patch = (key: string, change: Partial<Photo>) =>
    setPhotos((now) => now.map((photo) => (photo.key === key ? { ...photo, ...change } : photo)));
  const remove = (photo: Photo) => {
    photo.cancel.abort();
    URL.revokeObjectURL(photo.preview);
    setPhotos((now) => now.filter((each) => each.key !== photo.key));
  };

  const add = (chosen: FileList | null) => {
    setProblem(null);
    const room = PHOTOS_MAX - photos.length;
    if (chosen && chosen.length > room) setProblem(t('problem.photo.many'));
    for (const file of [...(chosen ?? [])].slice(0, room)) {
      const photo: Photo = {
        key: crypto.randomUUID(),
        preview: URL.createObjectURL(file),
        share: 0,
        url: null,
        cancel: new AbortController(),
      };
      setPhotos((now) => [...now, photo]);
      sendPhoto(file, (share) => patch(photo.key, { share }), photo.cancel.signal).then(
        ({ url }) => patch(photo.key, { url, share: 1 }),
        (thrown: unknown) => {
          remove(photo);
          const { problem: why, words } = thrown instanceof PhotoError ? thrown : new PhotoError('busy');
          setProblem(words ?? t(`problem.photo.${why}`));
        },
      );
    }
    if (files.current) files.current.value = '';
  };

  const send = async () => {
    if (busy || nothing || left < 0) return;
    if (waiting) {
      setProblem(t('composer.waiting'));
      return;
    }
    setBusy(true);
    setProblem(null);
    clientId.current ??= crypto.randomUUID();
    const id = clientId.current;
    const words = { text, photos };
    const draft: PostView = {
      id,
      event,
      author: {
        id: as.id,
        name: as.name,
        kind: 'person',
        slug: null,
        badges: [],
      },
      text: text.trim(),
      photos: photos.map((photo) => photo.url ?? photo.preview),
      likes: 0,
      comments: 0,
      liked: false,
      createdAt: new Date(),
      editedAt: null,
      pinned: false,
      hiddenReason: null,
      reports: null,
      version: 0,
      mine: true,
      moderator: false,
      newest: [],
    };
    put.sending(draft);
    setText('');
    setPhotos([]);
    try {
      const made = await trpc.feed.createPost.mutate({
        eventId: event.id,
        clientId: id,
        text,
        photos: photos.flatMap((photo) => photo.url ?? []),
        asHost: as === host,
      });
      clientId.current = null;
      for (const photo of photos) URL.revokeObjectURL(photo.preview);
      put.settled(id, made);
    } catch (thrown) {
      put.settled(id, null);
      setText((now) => now || words.text);
      setPhotos(words.photos);
      const { code, words: why } = readError(thrown);
      // What was refused may be changed and sent again: that is another post. What got lost on the way is the same one.
      if (code !== 'OFFLINE') clientId.current = null;
      setProblem(code === 'OFFLINE' ? t('problem.offline') : (why ?? t('problem.failed')));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (press: KeyboardEvent) => {
    if (press.key === 'Enter' && (press.metaKey || press.ctrlKey)) void send();
  };
  const percent = (share: number) => new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(share);

  return (
    <form
      className={styles.composer}
      aria-label={t('composer.label')}
      onSubmit={(press: FormEvent) => {
        press.preventDefault();
        void send();
      }}
    >
      <Avatar name={as.name} seed={as.id} />
      <div className={styles.body}>
        <div className={styles.field} data-value={text}>
          <textarea
            value={text}
            rows={2}
            placeholder={t('composer.hint')}
            aria-label={t('composer.label')}
            onChange={(change) => setText(change.target.value)}
            onKeyDown={onKeyDown}
          />
        </div>
        {photos.length > 0 && (
          <ul className={styles.photos}>
            {photos.map((photo, at) => (
              <li key={photo.key} className={styles.photo}>
                <img
                  src={photo.preview}
                  alt={
                    photo.url
                      ? t('composer.photo', { number: at + 1 })
                      : t('composer.photo_progress', { number: at + 1, share: percent(photo.share) })
                  }
                />
                {!photo.url && (
                  <span className={styles.progress} aria-hidden="true">
                    <span style={{ transform: `scaleX(${photo.share})` }} />
                  </span>
                )}
                <button
                  type="button"
                  className={styles.remove}
                  onClick={() => remove(photo)}
                  aria-label={t('composer.remove', { number: at + 1 })}
                >
                  <IconX size={16} stroke={2} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
        {problem && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        <div className={styles.foot}>
          <input
            ref={files}
            type="file"
            className="vh"
            tabIndex={-1}
            aria-hidden="true"
            accept="image/jpeg,image/png,image/webp,image/avif"
            multiple
            onChange={(change) => add(change.target.files)}
          />
          <button
            type="button"
            className={styles.add}
            disabled={!awake || photos.length >= PHOTOS_MAX}
            onClick={() => files.current?.click()}
          >
            <IconPhotoPlus {...icon} size={24} />
            {t('composer.photos')}
          </button>
          {host && (
            <label className={styles.as}>
              {t('composer.as')}
              <select value={asHost ? 'host' : 'me'} onChange={(change) => setAsHost(change.target.value === 'host')}>
                <option value="host">{host.name}</option>
                <option value="me">{actor.name}</option>
              </select>
            </label>
          )}
          <span className={styles.left} role="status" data-over={left < 0 || undefined}>
            {left < TELL_AT && (left < 0 ? t('composer.over', { count: -left }) : t('composer.left', { count: left }))}
          </span>
          <Button
            type="submit"
            tone="primary"
            small
            disabled={!awake || nothing || left < 0}
            busy={busy}
            busyWords={t('sending')}
          >
            {t('composer.post')}
          </Button>
        </div>
      </div>
    </form>
  );
}
