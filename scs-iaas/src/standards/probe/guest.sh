#!/bin/sh
# Tells on the console how this server comes by random numbers.
exec >/dev/console 2>&1

# What follows is about this.
about() { printf '\n_scs-test-%s\n' "$1"; }

install_tools() {
    if command -v apt-get; then
        export DEBIAN_FRONTEND=noninteractive
        timeout 300 apt-get -q update
        for package in rng-tools5 rng-tools-debian rng-tools; do
            timeout 300 apt-get -q -y install "$package" && return
        done
    elif command -v dnf; then
        timeout 300 dnf -q -y install rng-tools
    elif command -v zypper; then
        timeout 300 zypper -q -n install rng-tools
    fi
}

about kernel
uname -r

about instructions
found=$(grep -o -w -E 'rdrand|rdseed|rng' /proc/cpuinfo | sort -u)
echo ${found:-none}

about hardware
cat /sys/class/misc/hw_random/rng_current

about entropy-avail
cat /proc/sys/kernel/random/entropy_avail

about tools
# Updates of the system itself may be in the way at first.
for pause in 0 20 60; do
    command -v rngtest || { sleep "$pause"; install_tools; }
done

about fips-test
timeout 300 rngtest -c 1000 </dev/random

about rngd
state=inactive
for unit in rngd rng-tools rng-tools-debian; do
    systemctl -q is-active "$unit" && state=active
done
echo "$state"

about end
