package tools

import (
	"vmqbot/sim/kernel"
	"vmqbot/sim/shell"
)

// Programs are all programs of this package by their paths on Debian. Each call
// makes a new map.
func Programs() map[string]kernel.Program {
	all := map[string]kernel.Program{"/bin/sh": shell.Main, "/bin/dash": shell.Main}
	for dir, programs := range map[string]map[string]kernel.Program{
		"/bin": {
			"cat": cat, "cp": cp, "chmod": chmod, "date": date, "dd": dd, "df": df, "echo": echo, "false": fail, "grep": grep, "hostname": hostname,
			"ip": ip, "kill": kill, "ls": ls, "mkdir": mkdir, "mktemp": mktemp, "mv": mv, "nc": nc, "ping": ping, "ps": ps, "pwd": pwd, "rm": rm, "rmdir": rmdir,
			"sed": sed, "sleep": sleep, "tar": tarball, "touch": touch, "true": succeed, "uname": uname,
		},
		"/usr/bin": {
			"basename": basename, "cut": cut, "dirname": dirname, "du": du, "env": env, "flock": flock, "head": head, "id": id, "mkfifo": mkfifo, "nproc": nproc,
			"nsenter": nsenter, "printenv": printenv, "readlink": readlink, "setsid": setsid, "sha256sum": sha256sum, "sort": sortLines, "stat": stat, "tail": tail, "tee": tee,
			"timeout": timeout, "tr": tr, "uniq": uniq, "wc": wc, "whoami": whoami, "xargs": xargs,
		},
	} {
		for name, main := range programs {
			all[dir+"/"+name] = main
		}
	}
	for _, name := range []string{"test", "["} { // the shell has them; who runs them without one finds them here
		all["/usr/bin/"+name] = func(p *kernel.Process) int {
			p.Argv = append([]string{"sh", "-c", name + ` "$@"`, name}, p.Argv[1:]...)
			return shell.Main(p)
		}
	}
	for _, name := range []string{"true", "false", "echo"} { // both stand on a merged /usr
		all["/usr/bin/"+name] = all["/bin/"+name]
	}
	return all
}

func succeed(*kernel.Process) int { return 0 }
func fail(*kernel.Process) int    { return 1 }
