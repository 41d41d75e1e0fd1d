import type { Section, Sections } from './sections.ts';

/** What stands for “nothing yet” where a digest is asked for: a shell argument that is no digest. */
const none = '-';

/**
 * A section whose text is sent only where it is another than the asker has: of a region of a thousand nodes the configuration is 16 MB,
 * asked for every few seconds over whatever network there is, and it hardly ever changes. The node makes the text as always and says its
 * SHA-256 in a section `NAME-digest`; where that is the one the asker has, the section stays empty. `KnownTexts` fills it in.
 *
 * @param name a shell word.
 * @param script prints the text.
 * @param known the shell word of the digest that the asker has (`"$1"`).
 * @param essence a filter that takes away what differs each time and tells nothing (the time of printing), before the digest is made;
 *   where it fails there is no digest, and the text comes whole.
 */
export function sectionUnlessKnown(name: string, script: string, known: string, essence?: string): string {
  const shortened =
    essence === undefined ? '$rackside_text' : `$(printf '%s' "$rackside_text" | { ${essence}; } 2>/dev/null)`;
  return `rackside_begin ${name}; rackside_begin ${name} >&2
rackside_text=$({ ${script}
} </dev/null); rackside_status=$?
rackside_digest=
if rackside_essence=${shortened}; then
rackside_digest=$(printf '%s' "$rackside_essence" | sha256sum 2>/dev/null)
rackside_digest=\${rackside_digest%% *}
fi
[ -n "$rackside_digest" ] && [ "$rackside_digest" = ${known} ] || printf '%s\\n' "$rackside_text"
printf '\\n%s status %s\\n' "$rackside_nonce" "$rackside_status"
rackside_begin ${name}-digest; printf '%s\\n' "$rackside_digest"
unset rackside_text rackside_essence`;
}

/** What one machine said last in sections of `sectionUnlessKnown`. */
export class KnownTexts {
  readonly #names: readonly string[];
  readonly #last = new Map<string, { readonly digest: string; readonly text: string }>();

  /** @param names the sections, in the order in which their script takes the digests. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** The arguments of the next question. */
  digests(): readonly string[] {
    return this.#names.map((name) => this.#last.get(name)?.digest ?? none);
  }

  /** An answer with the texts that were left out of it; it is what is known from now on. */
  complete(sections: Sections): Sections {
    const completed = new Map(sections);
    for (const name of this.#names) {
      const section = sections.get(name);
      const digest = sections.get(`${name}-digest`)?.text.trim() ?? '';
      if (section === undefined || digest === '') this.#last.delete(name);
      else completed.set(name, this.#heard(name, section, digest));
    }
    return completed;
  }

  /** Nothing is known any more: the next answer comes whole. */
  forget(): void {
    this.#last.clear();
  }

  #heard(name: string, section: Section, digest: string): Section {
    const last = this.#last.get(name);
    if (last?.digest === digest) return { ...section, text: last.text };
    this.#last.set(name, { digest, text: section.text });
    return section;
  }
}
