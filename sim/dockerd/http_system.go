package dockerd

import (
	"maps"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/docker/docker/api/types/filters"
)

func (e *Engine) systemRoutes(on func(string, handler)) {
	ping := func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "no-cache, no-store, must-revalidate")
		w.Header().Set("Pragma", "no-cache")
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if r.Method != http.MethodHead {
			_, _ = w.Write([]byte("OK"))
		}
		return nil
	}
	on("GET /_ping", ping)
	on("HEAD /_ping", ping)
	on("GET /version", func(w http.ResponseWriter, _ *http.Request) error { return give(w, http.StatusOK, e.version()) })
	on("GET /info", func(w http.ResponseWriter, _ *http.Request) error { return give(w, http.StatusOK, e.info()) })
	on("GET /events", e.httpEvents)
	on("GET /system/df", func(w http.ResponseWriter, _ *http.Request) error { return give(w, http.StatusOK, e.usage()) })
	on("GET /volumes", func(w http.ResponseWriter, _ *http.Request) error {
		return give(w, http.StatusOK, map[string]any{"Volumes": e.volumes(), "Warnings": nil})
	})
	on("GET /networks", func(w http.ResponseWriter, _ *http.Request) error {
		var list []map[string]any
		for _, name := range slices.Sorted(maps.Keys(networks)) {
			list = append(list, e.describe(name, false))
		}
		return give(w, http.StatusOK, list)
	})
	on("GET /networks/{id}", func(w http.ResponseWriter, r *http.Request) error {
		for name, id := range networks {
			if want := r.PathValue("id"); want == name || want == id {
				return give(w, http.StatusOK, e.describe(name, true))
			}
		}
		return missing("network %s not found", r.PathValue("id"))
	})
}

const kernelVersion = "5.10.0-sim"

func (e *Engine) version() map[string]any {
	built := "2023-05-02T12:00:00.000000000+00:00"
	return map[string]any{
		"Platform": map[string]string{"Name": ""}, "Version": Version, "ApiVersion": APIVersion, "MinAPIVersion": minAPI,
		"GitCommit": "5d6db84", "GoVersion": runtime.Version(), "Os": "linux", "Arch": e.opt.Arch, "KernelVersion": kernelVersion, "BuildTime": built,
		"Components": []map[string]any{{"Name": "Engine", "Version": Version, "Details": map[string]string{
			"ApiVersion": APIVersion, "Arch": e.opt.Arch, "BuildTime": built, "Experimental": "false", "GitCommit": "5d6db84",
			"GoVersion": runtime.Version(), "KernelVersion": kernelVersion, "MinAPIVersion": minAPI, "Os": "linux",
		}}},
	}
}

func (e *Engine) info() map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	count := map[string]int{}
	for _, c := range e.containers {
		switch c.st.word() {
		case "running", "restarting":
			count["running"]++
		case "paused":
			count["paused"]++
		default:
			count["stopped"]++
		}
	}
	machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[e.opt.Arch]
	return map[string]any{
		"ID": "SIMU:LATI:ON00:" + e.machine.Name, "Containers": len(e.containers), "ContainersRunning": count["running"], "ContainersPaused": count["paused"], "ContainersStopped": count["stopped"],
		"Images": len(e.images), "Driver": "overlay2", "DriverStatus": [][2]string{{"Backing Filesystem", "extfs"}, {"Supports d_type", "true"}, {"Native Overlay Diff", "true"}, {"userxattr", "false"}},
		"Plugins":     map[string]any{"Volume": []string{"local"}, "Network": []string{"bridge", "host", "ipvlan", "macvlan", "null", "overlay"}, "Authorization": nil, "Log": []string{"json-file", "local"}},
		"MemoryLimit": true, "SwapLimit": true, "IPv4Forwarding": true, "BridgeNfIptables": true, "BridgeNfIp6tables": true, "NFd": 23, "NGoroutines": 40,
		"SystemTime": when(time.Now()), "LoggingDriver": "json-file", "CgroupDriver": "cgroupfs", "CgroupVersion": "1", "NEventsListener": len(e.daemon.listeners),
		"KernelVersion": kernelVersion, "OperatingSystem": "Debian GNU/Linux 12 (bookworm)", "OSVersion": "12", "OSType": "linux", "Architecture": machine,
		"IndexServerAddress": "https://index.docker.io/v1/", "NCPU": 2, "MemTotal": int64(4 << 30), "DockerRootDir": dataRoot, "Name": e.machine.Name, "Labels": []string{},
		"ServerVersion": Version, "DefaultRuntime": "runc", "Runtimes": map[string]any{"runc": map[string]string{"path": "runc"}}, "LiveRestoreEnabled": false,
		"Swarm": map[string]any{"LocalNodeState": "inactive"}, "SecurityOptions": []string{"name=seccomp,profile=default"}, "InitBinary": "docker-init", "Warnings": nil,
	}
}

func (e *Engine) usage() map[string]any {
	list, _ := e.list(true, 0, filters.NewArgs()) // no filter can be wrong
	e.mu.Lock()
	var all int64
	seen := map[*layer]bool{}
	for _, i := range e.images {
		for _, l := range i.layers {
			if !seen[l] {
				seen[l] = true
				all += l.size
			}
		}
	}
	e.mu.Unlock()
	return map[string]any{"LayersSize": all, "Images": e.imageList(filters.NewArgs()), "Containers": list, "Volumes": e.volumes(), "BuildCache": nil, "BuilderSize": 0}
}

func (e *Engine) volumes() []map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	list, seen := []map[string]any{}, map[string]bool{}
	for _, c := range e.newest() {
		for _, m := range c.mounts {
			if m.volume != "" && !seen[m.volume] {
				seen[m.volume] = true
				list = append(list, map[string]any{"Name": m.volume, "Driver": "local", "Mountpoint": m.source, "CreatedAt": when(c.created), "Labels": nil, "Options": nil, "Scope": "local"})
			}
		}
	}
	return list
}

// describe is one network; its containers are told only when it is asked for
// alone.
func (e *Engine) describe(name string, whole bool) map[string]any {
	e.mu.Lock()
	defer e.mu.Unlock()
	driver, pools := name, []map[string]string{}
	options := map[string]string{}
	switch name {
	case "none":
		driver = "null"
	case "bridge":
		pools = append(pools, map[string]string{"Subnet": e.docker0.Masked().String(), "Gateway": e.docker0.Addr().String()})
		options = map[string]string{
			"com.docker.network.bridge.default_bridge": "true", "com.docker.network.bridge.enable_icc": "true", "com.docker.network.bridge.enable_ip_masquerade": "true",
			"com.docker.network.bridge.host_binding_ipv4": "0.0.0.0", "com.docker.network.bridge.name": "docker0", "com.docker.network.driver.mtu": "1500",
		}
	}
	inside := map[string]any{}
	for _, c := range e.containers {
		if whole && c.run != nil && c.network() == name {
			s := c.endpoint()[name]
			address := ""
			if s.IPAddress != "" {
				address = c.run.ip.String() + "/" + itoa(e.docker0.Bits())
			}
			inside[c.id] = map[string]string{"Name": c.name, "EndpointID": s.EndpointID, "MacAddress": s.MacAddress, "IPv4Address": address, "IPv6Address": ""}
		}
	}
	return map[string]any{
		"Name": name, "Id": networks[name], "Created": when(e.machine.Booted), "Scope": "local", "Driver": driver, "EnableIPv6": false,
		"IPAM":     map[string]any{"Driver": "default", "Options": nil, "Config": pools},
		"Internal": false, "Attachable": false, "Ingress": false, "ConfigFrom": map[string]string{"Network": ""}, "ConfigOnly": false,
		"Containers": inside, "Options": options, "Labels": map[string]string{},
	}
}
