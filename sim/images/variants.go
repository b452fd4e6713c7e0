package images

import (
	"maps"
	"slices"
	"strings"

	"vmqbot/lab/world"
	"vmqbot/sim/kernel"
)

// older is the same program that speaks as 1.6.1.
func older(base Image) Image {
	i := base.from(world.OlderBroker)
	i.Config.Env = []string{searchPath, "VERNEMQ_VERSION=1.6.1"}
	return i
}

// newer is a later build that behaves as the one before: another image id, one
// small layer more.
func newer(base Image) Image {
	const changes = "2.1.3\n - built again; nothing that a client could notice\n"
	i := base.from(world.NewerBroker, Layer{CreatedBy: "COPY newer.txt", Size: int64(len(changes)),
		Files: map[string]File{world.Release + "/share/doc/CHANGES": {Content: changes}}})
	i.Config.Labels = map[string]string{"org.opencontainers.image.version": "2.1.3"}
	return i
}

// broken answers everything but its virtual machine dies a second after its
// start.
func broken(base Image, o Options) Image {
	return base.from(world.BrokenBroker,
		Layer{CreatedBy: "COPY broken.sh", Size: 628, Programs: map[string]Program{beam: {"vernemq broken", o.dying}}},
		Layer{CreatedBy: "RUN ln -sf lib/standin", Links: linksTo(twin)})
}

// badConf lacks a setting of the fleet's vernemq.conf: chkconfig refuses it.
func badConf(base Image) Image {
	i := base.from(world.BadConfBroker)
	i.Config.Env = append(i.Config.Env, "VERNEMQ_SCHEMA_LACKS=metadata_plugin")
	return i
}

// noBroker is the base image, shipped by mistake: tools and no vernemq.
func noBroker(base Image) Image {
	i := base.from(world.NoBroker, Layer{CreatedBy: "RUN rm -rf vernemq", Removed: append(slices.Sorted(maps.Keys(linksTo(beam))), world.Release)})
	i.Config.Cmd = []string{"sh"}
	return i
}

// noShell is the broker and nothing else, as a distroless image has it.
func noShell(base Image) Image {
	gone := []string{tools}
	for at := range base.Layers[0].Links {
		if strings.HasPrefix(at, "/bin/") {
			gone = append(gone, at)
		}
	}
	slices.Sort(gone)
	return base.from(world.NoShellBroker, Layer{CreatedBy: "RUN rm -rf /usr/bin", Removed: gone})
}

// foreign is of another architecture: nothing in it can be executed.
func foreign(base Image) Image {
	i := base.from(world.ForeignBroker)
	i.Arch = "arm64"
	return i
}

// imported went through docker export and docker import, as the runbook ships
// images: one layer of its own, no command, no environment.
func imported(base Image) Image {
	i := base.from(world.ImportedBroker)
	all := i.Flat()
	all.CreatedBy = ""
	i.Layers, i.Config, i.Comment = []Layer{all}, Config{}, "Imported from -"
	return i
}

// dies is what Erlang says when an application of the release does not start.
const dies = `{"Kernel pid terminated",application_controller,"{application_start_failure,vmq_server,{bad_return,{{vmq_server_app,start,[normal,[]]},{'EXIT',undef}}}}"}
Kernel pid terminated (application_controller) ({application_start_failure,vmq_server,{bad_return,{{vmq_server_app,start,[normal,[]]},{'EXIT',undef}}}})

Crash dump is being written to: /var/log/vernemq/erl_crash.dump...done
`

// dying is the virtual machine of the broken image.
func (o Options) dying(p *kernel.Process) int {
	if !p.Sleep(o.second()) {
		return 1
	}
	p.Printf("%s", dies)
	return 1
}
