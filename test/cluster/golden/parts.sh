#!/bin/bash
# How a job of this site begins; `deno task submit --template FILE` takes an edited copy. Of the lines that begin with
# #SBATCH those are left out whose word in braces has no value; lines of your own, such as an account, may be added.
#SBATCH --job-name=cotbal-0-1-1
#SBATCH --comment="cotbal /shared/my runs/a"
#SBATCH --partition=gpu
#SBATCH --time=01:30:00
#SBATCH --mem=8G
#SBATCH --cpus-per-task=4
#SBATCH --gres=gpu:1
#SBATCH --array=0-5%8
#SBATCH --dependency=afterok:101
#SBATCH --kill-on-invalid-dep=yes
#SBATCH --output="/shared/my runs/a/jobs/cotbal-0-1-1-%A_%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:USR1@120

# What the nodes need before Deno runs: modules, proxies, a Vulkan driver. A job installs nothing.
# module load cuda
export COTBAL_NO_INSTALL=1

cd '/shared/cotbal' || exit 1
retries=3
# Queues this job again, so that it goes on where it stopped, unless that was done often enough.
retry() {
  [ "${SLURM_RESTART_COUNT:-0}" -lt "$retries" ] || return
  echo "cotbal: this job is queued again"
  scontrol requeue "$SLURM_JOB_ID" && sleep 600
}

# Slurm says that the time is nearly up (USR1), or that the job is cancelled (TERM): the work saves its state and ends.
child="" warned="" stopped=""
trap 'warned=yes; [ -n "$child" ] && kill -TERM "$child"' USR1
trap 'stopped=yes; [ -n "$child" ] && kill -TERM "$child"' TERM

# Carries out a command, until it is done.
carry_out() {
  while :; do
    "$@" &
    child=$!
    wait "$child"; code=$?
    while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
    child=""
    [ -n "$stopped" ] && exit 130
    case $code in
      0 | 4) return 0 ;;                              # done now, or before
      5) [ -z "$warned" ] && sleep 10 && continue ;;  # another process is at this part
    esac
    echo "cotbal: $* ended with code $code on $(hostname)"
    # Bad input (2) and a part whose needs are not met (6) are no better the next time.
    case $code in 2 | 6) ;; *) retry ;; esac
    exit $code
  done
}

chains=(
  'methods/base'
  'probes/base'
  'probes/mini'
  'probes/plus-vqa'
  'probes/plus-it%27s%2050%25'
  'methods/ew methods/ew-blank'
)
for part in ${chains[$SLURM_ARRAY_TASK_ID]}; do
  carry_out '/shared/bin/deno' task part '/shared/my runs/a' "$part"
done
