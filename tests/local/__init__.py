"""
AWS on this machine, over real sockets: what a function or a command meets instead of the real one.

    sdk              where the AWS SDK is led: here, and nowhere else
    servers          anything that serves, in a thread; AWS's answers over HTTP
    moto             moto, and what may stand before it
    bedrock          the models: bedrock_replies, bedrock_quota, bedrock_faults are how they answer, or do not
    telephones       a telephone of ours, and a Bedrock that it is led to
    aws              both together, an account each:
                     cloud    stacks of template.yaml (moto_gaps), with functions that run (functions)
                     account  for the operator's commands, with one function in this process
    s3, table        one bucket, one table of moto's; and a table that only pretends
    scripted_lambda  Invoke, with answers by a script
    emulator         one function under AWS's own runtime client and emulator
    template         template.yaml as CloudFormation sees it
    cloudwatch       what CloudWatch makes of the function's lines; watched: what alarms and dashboard look at
"""
