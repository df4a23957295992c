# shellcheck shell=bash disable=SC2154
# How the labs start and stop their processes. Who sources it sets $run and $logs, folders, and
# $grace, the seconds that a process has to end by itself.
say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
die() { echo "error: $*" >&2; exit 1; }

# A pid file holds the pid and its start time, so that a recycled pid is never
# taken for one of ours.  Each service leads a process group of its own.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

pid_of() {
    local pid began
    [ -f "$run/$1.pid" ] && read -r pid began <"$run/$1.pid" &&
        [ -n "$pid" ] && [ "$(start_time "$pid")" = "$began" ] && echo "$pid"
}

start() {
    local name=$1 pid
    shift
    pid_of "$name" >/dev/null && return
    setsid "$@" >>"$logs/$name.log" 2>&1 </dev/null 9>&- &
    pid=$!
    echo "$pid $(start_time "$pid")" >"$run/$name.pid"
}

stop() {
    local name pid deadline=$((SECONDS + grace))
    for name in "$@"; do
        pid=$(pid_of "$name") && kill -TERM -- "-$pid" 2>/dev/null || true
    done
    for name in "$@"; do
        if pid=$(pid_of "$name"); then
            while kill -0 -- "-$pid" 2>/dev/null && [ $SECONDS -lt "$deadline" ]; do
                sleep 0.1
            done
            kill -KILL -- "-$pid" 2>/dev/null || true
        fi
        rm -f "$run/$name.pid"
    done
}

started() { (cd "$run" 2>/dev/null && ls -tr -- *.pid 2>/dev/null) | sed 's/\.pid$//'; }

# Pid files outlive processes when a machine goes down under a lab; `up` starts with this, or
# whoever waits for a service would take the old file for a service that has just ended.
forget_ended() {
    local name
    for name in $(started); do
        pid_of "$name" >/dev/null || rm -f "$run/$name.pid"
    done
}
