/**
 * Which part of a plan is carried out next, by one process or by several that share a run.
 *
 * @module
 */

import { join } from "@std/path";
import { claimName } from "../run/claims/claim_names.ts";
import type { Claim, Claims } from "../run/claims/claims.ts";
import { pause } from "../run/claims/exclusively.ts";
import { holderName } from "../run/claims/holder.ts";
import { exists } from "../run/files.ts";
import type { Part } from "../run/part.ts";

/** What a schedule is of. */
export interface Scheduled<P extends Pick<Part, "id" | "file" | "needs">> {
  /** The parts; each stands behind those it needs. */
  plan: readonly P[];
  /** The run's folder. */
  folder: string;
  claims: Claims;
  /** Names of parts that are known to be finished. */
  finished: ReadonlySet<string>;
  signal?: AbortSignal | undefined;
}

/** What is done for a schedule. */
export interface ScheduledWork<P> {
  /** Carries out a part, whose file it leaves. */
  carryOut: (part: P, claim: Claim) => Promise<void>;
  /** Told of a part that another process finished. */
  elsewhere: (part: P) => Promise<void>;
  /** Told, once for each stretch of waiting, what is waited for. */
  waiting: (text: string) => void;
}

/** Milliseconds between two looks where there is nothing to do, at first and at most. */
const FIRST = 100, MOST = 3000;

/**
 * Carries out parts that are ready and that nobody holds, in the plan's order, until all are finished. Where what is left
 * is held by other processes, or needs theirs, it waits; the parts of one that dies are taken over.
 *
 * @typeParam P The kind of parts.
 * @param scheduled The parts, and who else is there.
 * @param work What is done.
 * @throws {Interrupted} If the signal fired.
 */
export async function carryOutReady<P extends Pick<Part, "id" | "file" | "needs">>(
  scheduled: Scheduled<P>,
  work: ScheduledWork<P>,
): Promise<void> {
  const { plan, claims, signal } = scheduled;
  const done = new Set(scheduled.finished);
  let wait = FIRST, told = false;
  while (plan.some(({ id }) => !done.has(id))) {
    signal?.throwIfAborted();
    const found = await findReady(scheduled, done, work.elsewhere);
    if (found !== undefined) {
      await work.carryOut(found.part, found.claim);
      done.add(found.part.id);
      await found.claim.release("done");
      wait = FIRST;
      told = false;
    } else if (plan.some(({ id }) => !done.has(id))) {
      if (!told && wait >= MOST) {
        work.waiting(await whatIsAwaited(claims));
        told = true;
      }
      await pause(wait, signal);
      wait = Math.min(MOST, 2 * wait);
    }
  }
}

/** The first part that is ready and was to be had. */
async function findReady<P extends Pick<Part, "id" | "file" | "needs">>(
  { plan, folder, claims }: Scheduled<P>,
  done: Set<string>,
  elsewhere: ScheduledWork<P>["elsewhere"],
): Promise<{ part: P; claim: Claim } | undefined> {
  const makers = new Map(plan.map(({ id, file }) => [file, id]));
  const held = await claims.holders();
  for (const part of plan) {
    if (done.has(part.id)) continue;
    if (await exists(join(folder, part.file))) {
      done.add(part.id);
      await elsewhere(part);
      continue;
    }
    if (held.has(claimName(part.id))) continue;
    const ready = part.needs.every((file) => {
      const maker = makers.get(file);
      return maker === undefined || done.has(maker);
    });
    if (!ready) continue;
    const claim = await claims.take(part.id);
    if (!("check" in claim)) continue;
    // It may have been finished between the two looks.
    if (!(await exists(join(folder, part.file)))) return { part, claim };
    await claim.release("done");
    done.add(part.id);
    await elsewhere(part);
  }
  return undefined;
}

async function whatIsAwaited(claims: Claims): Promise<string> {
  const who = new Set([...(await claims.holders()).values()].map(holderName));
  return who.size === 0
    ? "Waiting for parts that others are about to take."
    : `Waiting for ${[...who].join(" and ")}: what is left is held there, or needs what is.`;
}
