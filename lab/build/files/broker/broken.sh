#!/bin/sh
# What Erlang says when an application of the release does not start.
sleep 1
echo '{"Kernel pid terminated",application_controller,"{application_start_failure,vmq_server,{bad_return,{{vmq_server_app,start,[normal,[]]},{'"'EXIT'"',undef}}}}"}'
echo 'Kernel pid terminated (application_controller) ({application_start_failure,vmq_server,{bad_return,{{vmq_server_app,start,[normal,[]]},{'"'EXIT'"',undef}}}})'
echo
echo 'Crash dump is being written to: /var/log/vernemq/erl_crash.dump...done'
exit 1
