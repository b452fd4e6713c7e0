package broker

// Usage texts. Those of 2.1.2 were seen; the parts of 1.6.1 that differ are
// from its source.
const (
	usageRoot = `<sub-command>

  Administrate the cluster.

  Sub-commands:
    node        Manage this node
    cluster     Manage this node's cluster membership
    session     Retrieve session information
    retain      Show and filter MQTT retained messages
    plugin      Manage plugin system
    listener    Manage listener interfaces
    metrics     Retrieve System Metrics
    api-key     Manage API keys for the HTTP management interface
    trace       Trace various aspects of VerneMQ
    tls         Manage TLS/SSL
    log         Manage log
  Use --help after a sub-command for more details.
`
	usageRootLegacy = `<sub-command>

  Administrate the cluster.

  Sub-commands:
    node        Manage this node
    cluster     Manage this node's cluster membership
    session     Retrieve session information
    retain      Show and filter MQTT retained messages
    plugin      Manage plugin system
    listener    Manage listener interfaces
    metrics     Retrieve System Metrics
    api-key     Manage API keys for the HTTP management interface
    trace       Trace various aspects of VerneMQ
  Use --help after a sub-command for more details.
`
	usageCluster = `cluster <sub-command>

  Administrate cluster membership for this particular VerneMQ node.

  Sub-commands:
    show        Prints cluster information
    join        Join a cluster
    leave       Leave the cluster

  Use --help after a sub-command for more details.
`
	usageJoin = `cluster join discovery-node=<Node>

  The discovery node will be used to find out about the 
  nodes in the cluster.
`
	usageLeave = `cluster leave node=<Node> [-k | --kill_sessions]

  Graceful cluster-leave and shutdown of a cluster node. 

  If <Node> is already offline its cluster membership gets removed,
  and the queues of the subscribers that have been connected at shutdown
  will be recreated on other cluster nodes. This might involve
  the disconnecting of clients that have already reconnected.
  
  If <Node> is still online all its MQTT listeners (including websockets)
  are stopped and won't therefore accept new connections. Established
  connections aren't cancelled at this point. Use --kill_sessions to get
  into the second phase of the graceful shutdown.
  
   --kill_sessions, -k,
       terminates all open MQTT connections, and migrates the queues of
       the clients that used 'clean_session=false' to other cluster nodes.
   --summary-interval=<IntervalInSecs>, -i
       logs the status of an ongoing migration every <IntervalInSecs>
       seconds, defaults to 5 seconds.
   --timeout=<TimeoutInSecs>, -t
       stops the migration process after <TimeoutInSecs> seconds, defaults
       to 60 seconds. The command can be reissued in case of a timeout.
`
	usageNode = `node <sub-command>

  Administrate this VerneMQ node.

  Sub-commands:
    start       Start the server application
    stop        Stop the server application
    status      Prints status information
  Use --help after a sub-command for more details.
`
	usageListener = `listener <sub-command>

  starts, modifies, and stops listeners.

  Sub-commands:
    start       Starts or modifies a listener
    stop        Stops a listener
    restart     Restarts a listener
    delete      Deletes a stopped listener
    show        Shows all intalled listeners
  Use --help after a sub-command for more details.
`
	usageSession = `session <sub-command>

  Manage MQTT sessions.

  Sub-commands:
    show        Show and filter running sessions
    disconnect  Forcefully disconnect a session
  Use --help after a sub-command for more details.
`
	usageMetrics = `metrics <sub-command>

  Interact with the metrics subsystem.

  Sub-commands:
    show        Prints all available metrics for this VerneMQ node.
  Use --help after a sub-command for more details.
`
	usagePlugin = `plugin <sub-command>

  Manage plugin system

  Sub-commands:
    show        Show and filter installed and running plugins
    enable      Enable a plugin
    disable     Disable a plugin
  Use --help after a sub-command for more details.
`
	usageRetain = `retain <sub-command>

  Inspect MQTT retained messages.

  Sub-commands:
    show        Show and filter running sessions
  Use --help after a sub-command for more details.
`
	usageAPIKey = `api-key <sub-command>

  Create, show and delete REST API keys.

  Sub-commands:
    create      Create a new API key
    delete      Delete an existing API key
    show        Show existing API keys
  Use --help after a sub-command for more details.
`
)
