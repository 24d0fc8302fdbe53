import type { DraftContent } from '~/generated/api';

export interface SaveState {
  kind: 'none' | 'saving' | 'saved' | 'failed' | 'conflict';
  /** When it was stored last. */
  at: string | null;
}

/** What the server said: stored under a new tag, or that somebody else stored something since, or nothing that helps. */
export type Saved = { kind: 'saved'; tag: string | null; at: string | null } | { kind: 'conflict' } | { kind: 'failed' };

export interface DraftStore {
  /** @param tag What is to be replaced: null for nothing, `*` for whatever is there. */
  put(draft: DraftContent, tag: string | null): Promise<Saved>;
  remove(tag: string): Promise<Saved>;
}

/**
 * Keeps a draft on the server as it changes: one request at a time, always the newest, each over the one before. Where somebody else saved in between it
 * stops, so that a person decides what stays.
 */
export class DraftSaver {
  private wanted: DraftContent | null | undefined;
  private busy: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly store: DraftStore,
    private tag: string | null,
    private readonly tell: (state: SaveState) => void,
    private readonly retryAfter = 3_000,
  ) {}

  /** @param draft Null: there is to be none. */
  save(draft: DraftContent | null) {
    this.wanted = draft;
    this.begin();
  }

  /** What is here replaces what somebody else saved. */
  overwrite() {
    this.tag = '*';
    this.stopped = false;
    this.begin();
  }

  /** What is there is the draft from now on. */
  take(tag: string | null, at: string | null) {
    this.tag = tag;
    this.wanted = undefined;
    this.stopped = false;
    this.tell({ kind: tag ? 'saved' : 'none', at });
  }

  /** @returns The tag of what is stored once nothing is left to do; null where the last change could not be stored. */
  async settled(): Promise<string | null> {
    while (this.busy) {
      await this.busy;
    }
    return this.wanted === undefined && !this.stopped ? this.tag : null;
  }

  private begin() {
    if (!this.stopped && !this.busy) {
      this.busy = this.work().finally(() => {
        this.busy = null;
      });
    }
  }

  private async work() {
    while (this.wanted !== undefined && !this.stopped) {
      const draft = this.wanted;
      this.wanted = undefined;
      if (draft === null && this.tag === null) {
        this.tell({ kind: 'none', at: null });
        continue;
      }
      this.tell({ kind: 'saving', at: null });
      const saved = draft ? await this.store.put(draft, this.tag) : await this.store.remove(this.tag ?? '*');
      if (saved.kind === 'saved') {
        this.tag = saved.tag;
        this.tell({ kind: saved.tag ? 'saved' : 'none', at: saved.at });
        continue;
      }
      // What came meanwhile is newer than what could not be stored.
      this.wanted = this.wanted === undefined ? draft : this.wanted;
      this.tell({ kind: saved.kind, at: null });
      this.stopped = saved.kind === 'conflict';
      if (saved.kind === 'failed') {
        setTimeout(() => this.begin(), this.retryAfter);
        return;
      }
    }
  }
}
