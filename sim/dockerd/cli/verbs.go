package cli

// runFlags are those of run and create.
const runFlags = "d|detach i|interactive t|tty name= h|hostname= restart= p|publish= v|volume= e|env= l|label= ulimit= entrypoint= network= net= rm u|user= w|workdir= init privileged " +
	"stop-timeout= stop-signal= m|memory= cpus= mount= expose= health-cmd= health-interval= health-timeout= health-retries= health-start-period= no-healthcheck log-driver= log-opt= pid= cap-add= cap-drop= " +
	"security-opt= dns= add-host= a|attach= pull= shm-size= read-only uts= ipc= userns= volumes-from= cidfile= env-file= P|publish-all"

var verbs map[string]*verb

func init() { // run refers to verbs through find
	verbs = map[string]*verb{
		"ps":              {spec: "a|all q|quiet no-trunc format= f|filter= n|last= l|latest s|size", run: ps},
		"images":          {spec: "a|all q|quiet no-trunc format= f|filter= digests", run: images},
		"inspect":         {spec: "f|format= type= s|size", least: 1, run: inspect},
		"run":             {spec: runFlags, early: true, least: 1, run: run},
		"create":          {spec: runFlags, early: true, least: 1, run: create},
		"start":           {spec: "a|attach i|interactive", least: 1, run: start},
		"stop":            {spec: "t|time=", least: 1, run: stop},
		"restart":         {spec: "t|time=", least: 1, run: restart},
		"kill":            {spec: "s|signal=", least: 1, run: kill},
		"rm":              {spec: "f|force v|volumes l|link", least: 1, run: rm},
		"rename":          {least: 2, run: rename},
		"pause":           {least: 1, run: pause},
		"unpause":         {least: 1, run: unpause},
		"wait":            {least: 1, run: wait},
		"update":          {spec: "restart= m|memory= cpus=", least: 1, run: update},
		"exec":            {spec: "d|detach i|interactive t|tty e|env= u|user= w|workdir= privileged", early: true, least: 2, run: exec},
		"logs":            {spec: "f|follow n|tail= t|timestamps since= until= details", least: 1, run: logs},
		"top":             {early: true, least: 1, run: top},
		"cp":              {spec: "a|archive L|follow-link", least: 2, run: cp},
		"port":            {least: 1, run: port},
		"save":            {spec: "o|output=", least: 1, run: save},
		"load":            {spec: "i|input= q|quiet", run: load},
		"tag":             {least: 2, run: tag},
		"rmi":             {spec: "f|force no-prune", least: 1, run: rmi},
		"import":          {spec: "c|change= m|message=", least: 1, run: importImage},
		"export":          {spec: "o|output=", least: 1, run: export},
		"commit":          {spec: "c|change= m|message= a|author= p|pause", least: 1, run: commit},
		"pull":            {spec: "q|quiet a|all-tags platform=", least: 1, run: pull},
		"history":         {spec: "q|quiet no-trunc format= H|human", least: 1, run: history},
		"prune":           {spec: "f|force a|all filter=", run: prune},
		"version":         {spec: "f|format=", run: version},
		"info":            {spec: "f|format=", run: info},
		"events":          {spec: "f|filter= since= until= format=", run: watch},
		"dial-stdio":      {run: dialStdio},
		"networks":        {spec: "q|quiet f|filter= format= no-trunc", run: networks},
		"network-inspect": {spec: "f|format=", least: 1, run: networkInspect},
	}
}
