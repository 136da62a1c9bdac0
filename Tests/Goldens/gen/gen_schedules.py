import sys,os,json
sys.path.insert(0,os.path.dirname(__file__)); from goldlib import *
cfg=json.load(open(sys.argv[1])); out=sys.argv[2]; torch.set_num_threads(1)
rs=np.random.RandomState(cfg['ops_seed']+2); O=torch.optim; S=O.lr_scheduler; cases=[]
def case(name,mk,attrs,steps,watched=None,adam=False):
    """two groups of SGD (or Adam); learning rates and momenta (beta1) of both after the scheduler is made and after each of its steps"""
    a,b=torch.ones(2,requires_grad=True),torch.ones(2,requires_grad=True); g=[{'params':[a]},{'params':[b],'lr':.03}]
    o=O.Adam(g,lr=.1) if adam else O.SGD(g,lr=.1,momentum=.9); s=mk(o); rates=[]; momenta=[]
    def note(): rates.append([p['lr'] for p in o.param_groups]); momenta.append([p['betas'][0] if adam else p['momentum'] for p in o.param_groups])
    note()
    for k in range(steps):
        a.grad=torch.zeros(2); o.step(); s.step(*([watched[k]] if watched else [])); note()
    cases.append({'name':name,'attrs':attrs,'adam':adam,'watched':watched or [],'rates':rates,'momenta':momenta})
case('StepLR',lambda o:S.StepLR(o,3,.5),{'step_size':3,'gamma':.5},12)
case('StepLR',lambda o:S.StepLR(o,1),{'step_size':1,'gamma':.1},4)
case('CosineAnnealingLR',lambda o:S.CosineAnnealingLR(o,7),{'T_max':7,'eta_min':0.},30)
case('CosineAnnealingLR',lambda o:S.CosineAnnealingLR(o,10,eta_min=1e-3),{'T_max':10,'eta_min':1e-3},25)
for adam in (False,True): case('OneCycleLR',lambda o:S.OneCycleLR(o,.5,total_steps=20),{'max_lr':.5,'total_steps':20,'pct_start':.3,'cycle_momentum':True},19,adam=adam)
case('OneCycleLR',lambda o:S.OneCycleLR(o,.2,total_steps=11,pct_start=.45,cycle_momentum=False),{'max_lr':.2,'total_steps':11,'pct_start':.45,'cycle_momentum':False},10)
noise=[float(v) for v in np.exp(-np.arange(40)/6.)+.02*rs.standard_normal(40)]
case('ReduceLROnPlateau',lambda o:S.ReduceLROnPlateau(o,patience=2),{'mode':'min','factor':.1,'patience':2,'threshold':1e-4,'cooldown':0,'min_lr':0.},40,noise)
case('ReduceLROnPlateau',lambda o:S.ReduceLROnPlateau(o,mode='max',factor=.5,patience=1,threshold=.05,cooldown=3,min_lr=.01),{'mode':'max','factor':.5,'patience':1,'threshold':.05,'cooldown':3,'min_lr':.01},40,[1-v for v in noise])
# clipping: gradients of a few sizes, before and after
clips=[]
for scale,limit in ((1.,.5),(1.,100.),(1e-3,1e-3),(50.,2.)):
    gs=[(rs.standard_normal(s)*scale).astype(f32) for s in ((4,3),(4,),(2,4))]; ps=[torch.zeros(g.shape,requires_grad=True) for g in gs]
    for p,g in zip(ps,gs): p.grad=torch.tensor(g)
    norm=torch.nn.utils.clip_grad_norm_(ps,limit); after=[ten(p.grad) for p in ps]
    for p,g in zip(ps,gs): p.grad=torch.tensor(g)
    torch.nn.utils.clip_grad_value_(ps,limit)
    clips.append({'limit':limit,'gradients':[ten(g) for g in gs],'norm':float(norm),'by_norm':after,'by_value':[ten(p.grad) for p in ps]})
# two groups and a scheduler, five steps of a linear model
trained=[]
def train(name,mk):
    w0,b0=rs.standard_normal((3,4)).astype(f32),rs.standard_normal(3).astype(f32); X=rs.standard_normal((5,6,4)).astype(f32); Y=rs.standard_normal((5,6,3)).astype(f32)
    w,b=(torch.tensor(v).double().requires_grad_() for v in (w0,b0)); o=mk([{'params':[w],'weight_decay':.1},{'params':[b],'lr':.02}]); s=S.StepLR(o,2,.5); tr=[]
    for k in range(5):
        o.zero_grad(); l=torch.nn.functional.mse_loss(torch.nn.functional.linear(torch.tensor(X[k]).double(),w,b),torch.tensor(Y[k]).double()); l.backward(); o.step(); s.step(); tr.append({'w':arr(w),'b':arr(b)})
    trained.append({'optimizer':name,'w0':ten(w0),'b0':ten(b0),'x':ten(X),'y':ten(Y),'trace_f64':tr})
train('SGD',lambda g:O.SGD(g,lr=.1,momentum=.9)); train('Adam',lambda g:O.Adam(g,lr=.05)); train('RMSprop',lambda g:O.RMSprop(g,lr=.01)); train('Adagrad',lambda g:O.Adagrad(g,lr=.1))
dump({'format':'schedules-v1','env':ENV,'note':'learning rates in float64: compare to 1e-15 relative; trained: |engine-f64| <= 5e-6','cases':cases,'clips':clips,'trained':trained},out+'/schedules.json')
