/**
 * A Slurm cluster of this machine's own: a controller and two nodes on loopback, with a key and a configuration in a folder.
 *
 * @module
 */

import { join } from "@std/path";
import { RunError } from "../../src/errors.ts";

/** A cluster that runs. */
export interface Cluster {
  /** What its commands read: the value of SLURM_CONF. */
  conf: string;
  /** Ends its processes, by their numbers. */
  stop(): Promise<void>;
}

/** Cores of each of the two nodes: so many jobs run at a time there. */
const CORES = 2;

/**
 * Installs Slurm where it is missing, and that may be done.
 *
 * @param say Told what is installed.
 * @throws {RunError} If there is none, and none can be installed.
 */
export async function haveSlurm(say: (text: string) => void): Promise<void> {
  if (await runs("slurmctld", ["-V"]) && await runs("munged", ["--version"])) return;
  const may = Deno.env.get("COTBAL_NO_INSTALL") !== "1";
  say("installing slurm-wlm and munge");
  const apt = ["-q", "-y", "--no-install-recommends", "install", "slurm-wlm", "munge"];
  if (
    may &&
    (await runs("apt-get", apt) || await runs("apt-get", ["-q", "update"]) && await runs("apt-get", apt))
  ) return;
  throw new RunError(
    "expected slurmctld, slurmd and munged, found that they are not installed: apt-get install slurm-wlm munge",
  );
}

/**
 * Starts a cluster.
 *
 * @param folder An empty folder for all that it writes.
 * @returns The cluster, both nodes idle.
 * @throws {RunError} If it does not come up within a minute.
 */
export async function startCluster(folder: string): Promise<Cluster> {
  const conf = join(folder, "slurm.conf");
  const key = join(folder, "munge.key");
  const socket = join(folder, "munge.socket");
  await Deno.writeFile(key, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o400 });
  const ports = [0, 0, 0].map(freePort);
  await Deno.writeTextFile(conf, slurmConf(folder, socket, ports));
  for (const name of ["state", "spool-n1", "spool-n2"]) await Deno.mkdir(join(folder, name));
  const inFolder = (name: string) => join(folder, `munged.${name}`);
  const processes: Deno.ChildProcess[] = [];
  const stop = async () => {
    for (const child of processes.toReversed()) {
      try {
        child.kill("SIGTERM");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has ended
      }
      await child.status;
    }
  };
  const start = (program: string, args: readonly string[]) => {
    processes.push(
      new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null", stderr: "null" }).spawn(),
    );
  };
  try {
    start("munged", [
      "--foreground",
      "--force",
      `--key-file=${key}`,
      `--socket=${socket}`,
      ...["pid", "log", "seed"].map((name) => `--${name}-file=${inFolder(name)}`),
    ]);
    await until(`munged, see ${inFolder("log")}`, () => Deno.stat(socket).then(() => true, () => false));
    start("slurmctld", ["-D", "-f", conf]);
    for (const node of ["n1", "n2"]) start("slurmd", ["-D", "-N", node, "-f", conf]);
    await until(`two idle nodes, see the logs in ${folder}`, async () => {
      const { stdout } = await output("sinfo", ["--noheader", "--format=%D %t"], conf);
      return stdout.trim() === "2 idle";
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { conf, stop };
}

/** Waits for something that a process brings about. */
async function until(what: string, there: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (await there()) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new RunError(`expected ${what}, found none within a minute`);
}

/** What Slurm's commands say of a cluster. */
export async function output(
  program: string,
  args: readonly string[],
  conf: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { SLURM_CONF: conf },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

async function runs(program: string, args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(program, { args: [...args], stdout: "null", stderr: "null" })
      .output();
    return success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** Without systemd, control groups and accounting, all of which a container may lack. */
function slurmConf(folder: string, socket: string, [controller, n1, n2]: readonly number[]): string {
  const host = Deno.hostname();
  const node = (name: string, port: number) =>
    `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=${CORES} RealMemory=4000`;
  return `ClusterName=cotbal
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=${socket}
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool-%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=1
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=10
${node("n1", n1!)}
${node("n2", n2!)}
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP
`;
}
